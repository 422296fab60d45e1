"""Pictures of a journey's pages: kept where MATCHSVC_SCREENSHOTS names a folder, and small enough for a repository."""

import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

FOLDER = os.environ.get("MATCHSVC_SCREENSHOTS", "")
COLOURS = 128


def picture(page: Page, name: str, *, full: bool = True) -> None:
    """`full`: the whole page, not just what the window shows."""
    if not FOLDER:
        return
    path = Path(FOLDER) / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    # "initial": hiding the caret would take an inline style, which the page refuses.
    page.screenshot(path=path, full_page=full, caret="initial")
    with Image.open(path) as shot:
        flat = shot.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    flat.save(path, optimize=True)


def assert_fits(page: Page) -> None:
    """Nothing on the page is wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
