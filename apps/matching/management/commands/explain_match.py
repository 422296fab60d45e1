"""`manage.py explain_match NEED CAPABILITY`: why a pair is, or would be, proposed; of the database or of two files."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from apps.capabilities.models import Capability
from apps.core.tables import open_table
from apps.core.tables.bad_rows import BadRows
from apps.core.tables.command import TableCommand
from apps.engine.documents import Document
from apps.engine.indicators import Side
from apps.engine.matcher import Matcher
from apps.matching.encoders import with_meaning
from apps.matching.explanation import Pair, explain
from apps.matching.explanation_text import lines_of
from apps.matching.file_documents import FIELDS, FileDocuments, seed_segmenter, seed_taxonomy
from apps.needs.models import Need


class Command(TableCommand):
    help = (
        "说明一条需求与一项资源为什么匹配：得分构成、对双方各说的一句话、指标比对，以及与已推荐内容是否一致。"
        "编号见需求或资源页面的网址；加 --needs 和 --capabilities 时取文件里的编号，不读数据库。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("need", help="需求编号")
        parser.add_argument("capability", help="资源编号")
        parser.add_argument("--needs", type=Path, help="需求文件，与 rank_files 相同")
        parser.add_argument("--capabilities", type=Path, help="能力文件，与 rank_files 相同")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *args: Any, need: str, capability: str, **options: Any) -> None:
        files = options["needs"], options["capabilities"]
        if any(files) and not all(files):
            raise CommandError(_("--needs 和 --capabilities 要一起给出。"))
        pair = _from_files(need, capability, *files) if all(files) else _from_database(need, capability)
        if options["json"]:
            self.stdout.write(json.dumps(pair.as_json(), ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(lines_of(pair)))


def _from_database(need: str, capability: str) -> Pair:
    try:
        return explain(need, capability)
    except Need.DoesNotExist as error:
        if Capability.objects.filter(public_id=need).exists():
            raise CommandError(_("“%(id)s”是资源的编号；请先写需求编号，再写资源编号。") % {"id": need}) from error
        raise CommandError(_("没有编号为“%(id)s”的需求；编号见需求页面的网址。") % {"id": need}) from error
    except Capability.DoesNotExist as error:
        raise CommandError(_("没有编号为“%(id)s”的资源；编号见资源页面的网址。") % {"id": capability}) from error


def _from_files(need: str, capability: str, needs: Path, capabilities: Path) -> Pair:
    """As `rank_files` scores it: word frequencies are those of all capabilities of the file."""
    taxonomy = seed_taxonomy(settings.SEEDS_DIR / "taxonomy")
    reader = FileDocuments(taxonomy, ids_without_space=False)
    asked, offered = _documents(needs, reader, "need"), _documents(capabilities, reader, "capability")
    words = settings.SEEDS_DIR / "dictionary" / "domain_words.txt"
    segmenter = seed_segmenter(taxonomy, words, settings.VAR_DIR / "jieba")
    matcher = Matcher(taxonomy=taxonomy, segmenter=segmenter).fit(list(offered.values()))
    one, other = with_meaning([_found(asked, need, needs), _found(offered, capability, capabilities)])
    return Pair(one.id, one.title, other.id, other.title, matcher.match(one, other))


def _documents(path: Path, reader: FileDocuments, side: Side) -> dict[str, Document]:
    rows = reader.read(open_table(path, FIELDS), BadRows(FIELDS, None, source=path), side=side)
    return {document.id: document for document in rows}


def _found(documents: dict[str, Document], key: str, path: Path) -> Document:
    try:
        return documents[key]
    except KeyError as error:
        raise CommandError(_("%(file)s 里没有编号为“%(id)s”的行。") % {"file": path.name, "id": key}) from error
