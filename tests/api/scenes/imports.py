"""Files that were brought."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api.scenes.playing import Scene, Scenes


def a_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("成果.csv", "编号,名称\nR-1,激光熔覆涂层\n".encode())


SCENES: Scenes = {
    ("import-list", "GET"): lambda world: Scene(world.file_import() and None),
    ("import-detail", "GET"): lambda world: Scene(world.file_import()),
    ("import-list", "POST"): lambda world: Scene(None, {"kind": "result", "file": a_file()}, is_form=True),
    ("import-columns", "GET"): lambda world: Scene(world.uploaded()),
    ("import-check", "POST"): lambda world: Scene(world.uploaded()),
    ("import-run", "POST"): lambda world: Scene(world.checked()),
    ("import-cancel", "POST"): lambda world: Scene(world.checked()),
    ("import-undo", "POST"): lambda world: Scene(world.imported()),
    ("import-remarks", "GET"): lambda world: Scene(world.checked()),
    ("import-errors", "GET"): lambda world: Scene(world.checked()),
}
