"""Looking further for a need under conditions, and picking from what was found."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.capabilities.models import Capability, CapabilityKind
from apps.core.api.terms import TermSerializer, TermsField
from apps.core.api.views import PlatformViewSet, found
from apps.matching.api.serializers import ProposalSerializer, ShownOwnerSerializer
from apps.matching.lookup.asking import Lookup, lookup_ask
from apps.matching.lookup.conditions import FACETS, Conditions
from apps.matching.lookup.presentation import found_views
from apps.matching.lookup.services import proposal_pick
from apps.matching.models import Proposal
from apps.matching.permissions import may_see_proposals_of
from apps.matching.presentation import ProposalView
from apps.matching.selectors import proposal_in_full
from apps.needs.models import Need


class LookupQuerySerializer(serializers.Serializer[Any]):
    """Query parameters, each as often as there are values; what is not on the lists is refused."""

    kind = serializers.ListField(
        child=serializers.ChoiceField(choices=CapabilityKind.choices),
        required=False,
        max_length=20,
        help_text=_("资源类别，可多次给出；不给即不限"),
    )
    mode = TermsField("cooperation_mode", required=False, help_text=_("合作方式的代码，可多次给出；不给即不限"))
    district = TermsField("district", required=False, help_text=_("区市的代码，可多次给出；不给即不限"))

    def conditions(self) -> Conditions:
        """Once it is valid."""
        given = self.validated_data
        return Conditions.of(
            kinds=given.get("kind", ()),
            modes=[term.code for term in given.get("mode", ())],
            districts=[term.code for term in given.get("district", ())],
        )


class FoundSerializer(serializers.Serializer[Any]):
    """One resource that was found. `proposal` is its proposal where the need lists it, or where it was declined."""

    id = serializers.CharField(source="public_id", read_only=True)
    title = serializers.CharField(read_only=True)
    kind = serializers.ChoiceField(choices=CapabilityKind.choices, read_only=True)
    district = TermSerializer(read_only=True, allow_null=True)
    owner = ShownOwnerSerializer(read_only=True)
    score = serializers.FloatField(read_only=True)
    for_need = serializers.CharField(source="why", read_only=True, help_text=_("对需求方说的一句推荐理由"))
    is_listed = serializers.BooleanField(read_only=True, help_text=_("已在推荐名单中"))
    is_declined = serializers.BooleanField(read_only=True, help_text=_("已婉拒"))
    proposal = serializers.CharField(source="proposal_id", read_only=True, allow_null=True)


@extend_schema_serializer(many=False)
class LookupSerializer(serializers.Serializer[Any]):
    """`results` are empty unless the state is ready."""

    state = serializers.ChoiceField(
        choices=("ready", "waiting", "unavailable"),
        read_only=True,
        help_text=_("ready：已有结果；waiting：正在查找，请一秒后再取；unavailable：暂时查不了，请稍后再试"),
    )
    looked_at = serializers.DateTimeField(read_only=True, allow_null=True)
    results = FoundSerializer(many=True, read_only=True)


class PickSerializer(serializers.Serializer[Any]):
    """The resource that is to join the need's list."""

    capability = serializers.RegexField(r"^[\w-]{1,20}$", help_text=_("查找结果中资源的编号"))


@extend_schema_view(
    list=extend_schema(
        summary=_("在全部资源中按条件查找适合这条需求的，匹配度最高的在前，最多 20 项"),
        parameters=[LookupQuerySerializer],
        responses=LookupSerializer,
        tags=["proposals"],
    ),
    create=extend_schema(
        summary=_("把查找到的一项资源加入这条需求的推荐名单"),
        request=PickSerializer,
        responses={201: ProposalSerializer},
        tags=["proposals"],
    ),
)
class NeedLookupViewSet(PlatformViewSet):
    """Of one need, named in the address."""

    permission_classes = (IsAuthenticated,)
    serializer_class = LookupSerializer
    pagination_class = None
    filter_backends = ()
    queryset = Proposal.objects.none()  # tells the schema the model

    def list(self, request: Request, public_id: str) -> Response:
        need = self._need()
        given = {name: request.query_params.getlist(name) for name in FACETS.values() if name in request.query_params}
        asked = LookupQuerySerializer(data=given)
        asked.is_valid(raise_exception=True)
        return Response(self._shown(need, lookup_ask(need=need, conditions=asked.conditions(), by=self.person)))

    def create(self, request: Request, public_id: str) -> Response:
        need, chosen = self._need(), self.valid(PickSerializer)["capability"]
        capability = found(Capability.objects.visible_to(self.person).filter(public_id=chosen).first())
        proposal = proposal_pick(need=need, capability=capability, by=self.person)
        full = found(proposal_in_full(self.person).filter(pk=proposal.pk).first())
        return Response(ProposalSerializer(ProposalView(full, self.person)).data, status=201)

    def _need(self) -> Need:
        """Its whole list is the business of its organisation and the platform's people; it is absent for others."""
        need = Need.objects.visible_to(self.person).filter(public_id=self.kwargs["public_id"])
        row = found(need.select_related("organisation").first())
        return found(row if may_see_proposals_of(self.person, row.organisation_id) else None)

    def _shown(self, need: Need, lookup: Lookup) -> Any:
        views = found_views(need, lookup.pairs, self.person)
        return LookupSerializer({"state": lookup.state, "looked_at": lookup.looked_at, "results": views}).data
