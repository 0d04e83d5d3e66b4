"""Setting a site up: tables, built-in chains, groups, and users with generated passwords (there is no default one)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator

GROUPS = ("编辑", "内部", "研判")
_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def prepare(*, chains: bool = True) -> Iterator[str]:
    """Make the tables and bring in the built-in chains; safe to repeat."""
    from django.contrib.auth.models import Group
    from django.core.management import call_command

    from liantu.chains.records import load_template_records
    from liantu.chains.template import builtin_templates

    call_command("migrate", verbosity=0)
    for name in GROUPS:
        Group.objects.get_or_create(name=name)
    yield "数据表已就绪"
    for code in builtin_templates() if chains else ():
        batch = load_template_records(code)
        yield f"产业链模板 {code}：" + (f"新增 {batch.created}，更新 {batch.updated}" if batch else "没有变化")


def new_password() -> str:
    """Fourteen letters and digits that cannot be mistaken for each other (about 80 bits)."""
    return "".join(secrets.choice(_LETTERS) for _ in range(14))


def make_user(name: str, groups: Iterable[str] = (), *, staff: bool = False) -> str:
    """Create a user or give a known one a new password; returns the password, which is stored only as a hash."""
    from django.contrib.auth.models import Group, User

    password = new_password()
    user, _ = User.objects.get_or_create(username=name, defaults={"is_staff": staff})
    user.set_password(password)
    user.save()
    user.groups.add(*Group.objects.filter(name__in=list(groups)))
    return password
