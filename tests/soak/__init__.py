"""The first of the month: everybody at once, on a site whose processes are killed, and a book kept beside it.

`world` settles who comes, `users` (a process of Locust's own) behaves as they do and writes its book, `launcher` keeps
the site's processes alive and kills them, `judge` compares the book with the database and the pages.
"""
