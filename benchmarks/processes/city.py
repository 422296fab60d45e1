"""A city of a given size, written into the database of an installation: `inside city CAPABILITIES [NEEDS]`.

The rows are those of a platform that has come to rest: every text has its vectors and its fingerprint; terms and index
are settle.py's. So no worker catches up on anything while a figure is taken. Written in bulk, without the services:
nobody is told, nothing is matched. Two shortcuts, neither of which a match can feel: vectors are mixed from those of
the pieces that the texts are made of (meanings.py), and no twins are looked for.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

from apps.accounts.models import Membership, MembershipRole, Organisation, OrganisationKind, OrganisationState, User
from apps.capabilities.models import Capability, CapabilityIndicator, CapabilityState
from apps.core import clock
from apps.core.indicators import IndicatorRow
from apps.engine.documents import Document, Indicator
from apps.engine.duplicates import METHOD
from apps.engine.encoder import Vectors
from apps.matching.encoders import current_encoder
from apps.matching.models import Fingerprint, TextVector
from apps.matching.vectors import STORED
from apps.needs.models import Need, NeedIndicator
from apps.taxonomy.models import Term, Vocabulary
from benchmarks.corpus import DISCLOSURES, TODAY, Block, blocks, need_block
from benchmarks.meanings import with_meanings
from benchmarks.processes.inside import say
from benchmarks.processes.people import OWNER_EMAIL, PASSWORD, PROFESSOR_EMAIL

AT_ONCE = 2_000
"""Rows in a transaction."""

MOST_INSTITUTIONS = 3_000
CAPABILITIES_PER_INSTITUTION = 50
TAGGED_BY = {Vocabulary.INDUSTRY_CHAIN: "industries", Vocabulary.TECH_FIELD: "tech_fields", Vocabulary.TAG: "tags"}
MODES = "cooperation_modes"


def main(capabilities: str, needs: str = "0") -> None:
    call_command("migrate", verbosity=0)
    call_command("load_taxonomy", verbosity=0)
    City().load_people().load_capabilities(int(capabilities)).load_needs(int(needs))
    say(capabilities=Capability.objects.count(), needs=Need.objects.count())


class City:
    """`load_*` writes; the same size gives the same city, but for names that are drawn (public ids)."""

    def __init__(self) -> None:
        self._terms = {term.code: term for term in Term.objects.filter(vocabulary__in=TAGGED_BY)}
        self._modes = {term.code: term for term in Term.objects.filter(vocabulary=Vocabulary.COOPERATION_MODE)}
        self._districts = {term.code: term for term in Term.objects.filter(vocabulary=Vocabulary.DISTRICT)}
        self._encoder = current_encoder()

    def load_people(self) -> "City":
        """One who posts needs, one who lists capabilities, each alone in a verified organisation."""
        self._enterprise = _organisation("青岛测速精工有限公司", OrganisationKind.ENTERPRISE, OWNER_EMAIL)
        _organisation("青岛测速大学", OrganisationKind.UNIVERSITY, PROFESSOR_EMAIL)
        return self

    def load_capabilities(self, size: int) -> "City":
        """All open: on their last day they would leave the catalogue while a figure is taken."""
        institutions = _institutions(max(1, min(MOST_INSTITUTIONS, size // CAPABILITIES_PER_INSTITUTION)))
        for block in blocks(size):
            for part in _parts(with_meanings(block) if self._encoder else block):
                with transaction.atomic():
                    self._write_capabilities(part, institutions)
        _continue_numbers_of(Capability)
        return self

    def load_needs(self, size: int) -> "City":
        """Drafts, complete enough to be published."""
        if size:
            for part in _parts(need_block(size)):
                with transaction.atomic():
                    self._write_needs(part)
            _continue_numbers_of(Need)
        return self

    def _write_capabilities(self, part: Block, institutions: Sequence[Organisation]) -> None:
        now, columns = clock.now(), {name: values.tolist() for name, values in part.columns.items()}
        rows = Capability.objects.bulk_create(
            Capability(
                pk=columns["id"][place],
                organisation=institutions[columns["organisation"][place] % len(institutions)],
                state=CapabilityState.PUBLISHED,
                kind=document.kind,
                title=document.title[:60],
                value=document.goal[:60],
                description=document.body,
                district=self._district_of(part.facets[place]),
                details={"ip_status": "granted", "transfer_modes": ["transfer"]},
                disclosure=DISCLOSURES[columns["disclosure"][place]],
                valid_until=_last_day(columns["valid_until"][place]),
                published_at=now,
                confirmed_at=now,
            )
            for place, document in enumerate(part.documents)
        )
        self._write_terms(Capability, rows, part)
        _write_indicators(CapabilityIndicator, "capability", rows, part.documents)
        self._write_vectors(rows, part.documents)
        Fingerprint.objects.bulk_create(Fingerprint(capability=row, version=1, method=METHOD) for row in rows)

    def _write_needs(self, part: Block) -> None:
        need_type = Term.objects.filter(vocabulary=Vocabulary.NEED_TYPE).first()
        rows = Need.objects.bulk_create(
            Need(
                pk=pk,
                organisation=self._enterprise,
                title=document.title[:60],
                need_type=need_type,
                goal=document.goal,
                background=document.body,
                industry_chain=self._chain_of(document),
                analysed_version=1,
            )
            for pk, document in zip(part.columns["id"].tolist(), part.documents, strict=True)
        )
        self._write_terms(Need, rows, part)
        _write_indicators(NeedIndicator, "need", rows, part.documents)

    def _write_terms(self, model: type[Any], rows: Sequence[Any], part: Block) -> None:
        """Tags, where the row has a list for terms of their vocabulary, and ways of working together."""
        links: dict[str, list[tuple[int, int]]] = {name: [] for name in (*TAGGED_BY.values(), MODES)}
        for row, document, facets in zip(rows, part.documents, part.facets, strict=True):
            for term in {self._terms[code] for code in document.tags if code in self._terms}:
                links[TAGGED_BY[Vocabulary(term.vocabulary)]].append((row.pk, term.pk))
            modes = (facet.removeprefix("mode:") for facet in facets if facet.startswith("mode:"))
            links[MODES] += [(row.pk, self._modes[code].pk) for code in modes]
        for name, pairs in links.items():
            if hasattr(model, name):
                _link(getattr(model, name).through, f"{model._meta.model_name}_id", pairs)

    def _write_vectors(self, rows: Sequence[Capability], documents: Sequence[Document]) -> None:
        if self._encoder is None:
            return
        now, name, dimensions = clock.now(), self._encoder.name, self._encoder.dimensions
        TextVector.objects.bulk_create(
            TextVector(
                capability=row,
                encoder=name,
                version=row.version,
                dimensions=dimensions,
                data=vectors.astype(STORED).tobytes(),
                encoded_at=now,
            )
            for row, vectors in zip(rows, map(_vectors_of, documents), strict=True)
        )

    def _district_of(self, facets: Iterable[str]) -> Term | None:
        codes = (facet.removeprefix("district:") for facet in facets if facet.startswith("district:"))
        return next((self._districts[code] for code in codes if code in self._districts), None)

    def _chain_of(self, document: Document) -> Term | None:
        terms = (self._terms[code] for code in document.tags if code in self._terms)
        return next((term for term in terms if term.vocabulary == Vocabulary.INDUSTRY_CHAIN), None)


def _parts(block: Block) -> Iterable[Block]:
    """The block in pieces of a transaction each."""
    for start in range(0, len(block), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        yield Block(
            documents=block.documents[part],
            columns={name: values[part] for name, values in block.columns.items()},
            facets=block.facets[part],
            titles=block.titles[part],
            wholes=block.wholes[part],
        )


def _institutions(count: int) -> list[Organisation]:
    return [_organisation(f"青岛第 {number} 研究院", OrganisationKind.INSTITUTE) for number in range(1, count + 1)]


def _organisation(name: str, kind: OrganisationKind, owner: str = "") -> Organisation:
    verified = {"state": OrganisationState.VERIFIED, "verified_at": clock.now()}
    organisation = Organisation.objects.create(name=name, kind=kind, **verified)
    if owner:
        user = User.objects.create_user(owner, PASSWORD, name="测速员", email_confirmed_at=clock.now())
        Membership.objects.create(user=user, organisation=organisation, role=MembershipRole.OWNER)
    return organisation


def _last_day(ordinal: int) -> date:
    """Within the coming year, from a month on."""
    return clock.today() + timedelta(days=30 + (ordinal - TODAY.toordinal()) % 335)


def _continue_numbers_of(model: type[Model]) -> None:
    """PostgreSQL does not notice that rows brought their own numbers."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


def _link(through: type[Model], column: str, pairs: Iterable[tuple[int, int]]) -> None:
    """Rows of a list of terms, a dozen for each capability: as objects they would take longest of all."""
    names = ", ".join(map(connection.ops.quote_name, (column, "term_id")))
    table = connection.ops.quote_name(through._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES (%s, %s)", list(pairs))  # noqa: S608  (model's names)


def _write_indicators(model: type[IndicatorRow], side: str, rows: Sequence[Any], documents: Sequence[Document]) -> None:
    model._default_manager.bulk_create(
        model(**{side: row}, position=position, **_bounds(indicator))
        for row, document in zip(rows, documents, strict=True)
        for position, indicator in enumerate(document.indicators)
    )


def _bounds(indicator: Indicator) -> Mapping[str, Any]:
    return {
        "name": indicator.name[:60],
        "comparison": indicator.comparison,
        "low": indicator.low,
        "high": indicator.high,
        "unit": indicator.unit[:20],
    }


def _vectors_of(document: Document) -> Vectors:
    if document.vectors is None:
        raise ValueError(f"{document.id} has no vectors.")
    return document.vectors
