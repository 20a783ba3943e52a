"""Who may do what in the desk: four groups on top of Wagtail's permissions.

Permissions and pages are named by their labels, so that this module needs none of the apps that define them.
"""

from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

REPORTER = "Reporter"
EDITOR = "Editor"
MODERATOR = "Moderator"
ADMINISTRATOR = "Administrator"

WORKFLOW = "Editor’s check"
_WAGTAIL_GROUPS = ("Editors", "Moderators")
_WAGTAIL_WORKFLOW = "Moderators approval"

_DESK = ("wagtailadmin.access_admin",)
_TAKE_IN = (
    "archive.add_recording",
    "archive.change_recording",
    "archive.view_recording",
    "transcripts.add_transcript",
    "transcripts.change_transcript",
    "transcripts.view_transcript",
    "transcripts.add_glossaryterm",
    "transcripts.change_glossaryterm",
    "transcripts.delete_glossaryterm",
    "transcripts.view_glossaryterm",
)
_READ_ARCHIVE = ("archive.view_recording", "transcripts.view_transcript")
_SEE_CORRECTIONS = ("readers.view_correctionreport", "readers.view_correctionnote")
_HANDLE_CORRECTIONS = (
    *_SEE_CORRECTIONS,
    "readers.change_correctionreport",
    "readers.add_correctionnote",
    "readers.change_correctionnote",
)
_HANDLE_COMMENTS = (
    "readers.view_comment",
    "readers.change_comment",
    "readers.view_wordrule",
    "readers.add_wordrule",
    "readers.change_wordrule",
    "readers.delete_wordrule",
)
_SEE_OVERRIDES = ("stories.view_quotationoverride",)
_REDIRECTS = (
    "wagtailredirects.add_redirect",
    "wagtailredirects.change_redirect",
    "wagtailredirects.delete_redirect",
    "wagtailredirects.view_redirect",
)


@dataclass(frozen=True)
class Role:
    """What a group may do: model permissions, and page permissions by page type (`""`: the whole site)."""

    permissions: tuple[str, ...]
    pages: dict[str, tuple[str, ...]]
    files: tuple[str, ...] = ()
    everything: bool = False


ROLES = {
    REPORTER: Role(
        permissions=(*_DESK, *_TAKE_IN),
        pages={"stories.storyindexpage": ("add_page",)},
        files=("add_image", "choose_image", "change_image"),
    ),
    EDITOR: Role(
        permissions=(*_DESK, *_TAKE_IN, *_HANDLE_CORRECTIONS, *_HANDLE_COMMENTS, *_SEE_OVERRIDES, *_REDIRECTS),
        pages={"": ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")},
        files=("add_image", "choose_image", "change_image", "delete_image"),
    ),
    MODERATOR: Role(permissions=(*_DESK, *_READ_ARCHIVE, *_SEE_CORRECTIONS, *_HANDLE_COMMENTS), pages={}),
    ADMINISTRATOR: Role(
        permissions=(),
        pages={
            "": ("add_page", "change_page", "publish_page", "lock_page", "unlock_page", "bulk_delete_page"),
        },
        files=("add_image", "choose_image", "change_image", "delete_image"),
        everything=True,
    ),
}


@transaction.atomic
def roles_ensure() -> dict[str, Group]:
    """The four groups with their permissions, and a workflow in which an editor approves; may run again.

    Call when migrations have run and the page tree stands. What a newsroom added to a group is left as it is.
    Wagtail's own two groups are removed when nobody is in them.
    """
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in ROLES}
    for name, role in ROLES.items():
        _grant(groups[name], role)
    _workflow_ensure([groups[EDITOR], groups[ADMINISTRATOR]])
    Group.objects.filter(name__in=_WAGTAIL_GROUPS, user__isnull=True).delete()
    return groups


def _grant(group: Group, role: Role) -> None:
    if role.everything:
        group.permissions.add(*Permission.objects.all())
    else:
        group.permissions.add(*_permissions(role.permissions))
    for page_type, codenames in role.pages.items():
        page = _page(page_type)
        if page is None:
            continue
        for permission in Permission.objects.filter(codename__in=codenames, content_type__app_label="wagtailcore"):
            GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)
    root = Collection.get_first_root_node()
    for permission in Permission.objects.filter(codename__in=role.files, content_type__app_label="wagtailimages"):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)


def _permissions(names: tuple[str, ...]) -> list[Permission]:
    found = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.filter(codename__in=[name.split(".")[1] for name in names]).select_related(
            "content_type"
        )
    }
    return [found[name] for name in names if name in found]


def _page(page_type: str) -> Page | None:
    if not page_type:
        return Page.get_first_root_node()
    app_label, model = page_type.split(".")
    return Page.objects.filter(content_type__app_label=app_label, content_type__model=model).first()


def _workflow_ensure(approvers: list[Group]) -> None:
    """Wagtail's example workflow becomes the newsroom's: a story goes to an editor. Made where there is none at all."""
    workflow = Workflow.objects.filter(name__in=(WORKFLOW, _WAGTAIL_WORKFLOW)).order_by("pk").first()
    if workflow is None and not Workflow.objects.exists():
        workflow = Workflow.objects.create(name=_WAGTAIL_WORKFLOW)
        WorkflowPage.objects.create(workflow=workflow, page=Page.get_first_root_node())
        task = GroupApprovalTask.objects.create(name=_WAGTAIL_WORKFLOW)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    if workflow is None or workflow.name == WORKFLOW:
        return
    workflow.name = WORKFLOW
    workflow.save()
    for task in GroupApprovalTask.objects.filter(workflow_tasks__workflow=workflow):
        task.name = WORKFLOW
        task.save()
        task.groups.set(approvers)
