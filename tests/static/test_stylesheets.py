"""One idea, kept by the files: colours in one place, a stylesheet for each component, nothing loaded from elsewhere."""

import re
from pathlib import Path

import pytest

from tracker.plumbing.drawings import palette

ROOT = Path(__file__).parents[2]
STATIC, TEMPLATES = ROOT / "static", ROOT / "templates"
SHEETS = sorted((STATIC / "css").rglob("*.css"))
HEX = re.compile(r"#[0-9a-fA-F]{3,8}\b")
FUNCTION = re.compile(r"\b(?:rgba?|hsla?|oklch|color-mix)\(")


def names(folder: Path, suffix: str) -> set[str]:
    return {path.stem for path in folder.glob(f"*{suffix}")}


@pytest.mark.parametrize("sheet", [path for path in SHEETS if path.name != "tokens.css"], ids=lambda path: path.name)
def test_colours_stand_in_tokens_alone(sheet: Path) -> None:
    text = sheet.read_text(encoding="utf-8")
    assert HEX.findall(text) == []
    assert FUNCTION.findall(text) == []


def test_the_pictures_take_their_colours_from_the_tokens() -> None:
    pictures = list((STATIC / "img").glob("*.svg"))
    assert pictures
    strangers = {
        f"{picture.name}: {colour}"
        for picture in pictures
        for colour in HEX.findall(picture.read_text(encoding="utf-8"))
        if colour not in palette().values()
    }
    assert strangers == set()


def test_every_token_named_in_a_stylesheet_is_defined() -> None:
    every = {sheet: sheet.read_text(encoding="utf-8") for sheet in SHEETS}
    defined = {name for text in every.values() for name in re.findall(r"(--[a-z0-9-]+)\s*:", text)}
    asked = {(sheet.name, name) for sheet, text in every.items() for name in re.findall(r"var\((--[a-z0-9-]+)", text)}
    assert {f"{sheet}: {name}" for sheet, name in asked if name not in defined} == set()


def test_each_component_has_its_stylesheet_and_each_stylesheet_its_component() -> None:
    assert names(STATIC / "css" / "components", ".css") == names(TEMPLATES / "components", ".html")


def test_the_layout_links_every_stylesheet_of_the_screen() -> None:
    layout = (TEMPLATES / "layouts" / "base.html").read_text(encoding="utf-8")
    listed = re.search(r"stylesheets = \[(.*?)\]", layout, re.DOTALL)
    assert listed
    linked = re.findall(r'"([a-z-]+)"', listed[1])
    assert sorted(linked) == sorted(names(STATIC / "css" / "components", ".css") - {"document"})


def test_every_class_of_a_component_belongs_to_a_drawn_family() -> None:
    """`task__why` belongs to `task`: a family that no stylesheet draws is a slip of the pen."""
    families = {
        name.split("__")[0] for sheet in SHEETS for name in re.findall(r"\.([a-z][a-z0-9_-]*)", sheet.read_text())
    }
    written = {
        (template.name, name)
        for template in (TEMPLATES / "components").glob("*.html")
        for classes in re.findall(r'class="([^"{}]*)"', template.read_text())
        for name in classes.split()
    }
    assert {f"{template}: .{name}" for template, name in written if name.split("__")[0] not in families} == set()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_nothing_is_loaded_from_elsewhere(sheet: Path) -> None:
    text = sheet.read_text(encoding="utf-8")
    assert "@import" not in text
    addresses = re.findall(r"url\(\"?([^\")]+)", text)
    assert all((sheet.parent / address).resolve().is_file() for address in addresses)


def test_fonts_bear_their_licence_and_their_version() -> None:
    fonts = STATIC / "fonts"
    assert "SIL Open Font License" in (fonts / "OFL.txt").read_text(encoding="utf-8")
    said = (fonts / "README.md").read_text(encoding="utf-8")
    assert "`@fontsource-variable/source-sans-3` 5." in said
    assert "`@fontsource/source-sans-3` 5." in said
    assert {path.name.rsplit("-", 2)[1] for path in fonts.glob("*.woff2")} == {"400", "600", "700", "wght"}


def test_every_stylesheet_of_the_screen_together_stays_light() -> None:
    screen = [path for path in SHEETS if path.name not in {"print.css", "document.css"}]
    assert sum(path.stat().st_size for path in screen) < 48_000
