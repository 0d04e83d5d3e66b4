"""The page that reads a draft: findings with their place and article, files, what is refused, and that nothing is kept."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

TEXT = "第一条　共同推进项目。\n第二条　项目用地按零地价供应，投产后按税收地方留成的五成奖励。"


def ask(client, **given):
    return client.post(reverse("guards"), given).content.decode()


def test_findings_with_place_and_article(client, people):
    assert "查哪些" in client.get(reverse("guards")).content.decode()
    shown = ask(client, text=TEXT)
    assert "零地价" in shown and "第十条第三项" in shown and "第十条第一、二项" in shown and "2 处" in shown
    assert f'id="f{TEXT.index("零地价")}"' in shown
    client.cookies["django_language"] = "en"
    assert "Support tied to tax paid" in ask(client, text=TEXT)


def test_nothing_found_is_not_called_lawful(client, people):
    shown = ask(client, text="双方成立工作专班。")
    assert "没有发现不等于合规" in shown


def test_markup_in_a_text_stays_text(client, people):
    assert "<script>x" not in ask(client, text="<script>x</script>按零地价供应")


def test_files(client, people):
    from docx import Document

    paper, kept = Document(), BytesIO()
    paper.add_paragraph("租金全免。")
    paper.save(kept)
    assert "租金全免" in ask(client, file=SimpleUploadedFile("协议.docx", kept.getvalue()))
    assert "只收 .docx 和 .txt" in ask(client, file=SimpleUploadedFile("协议.pdf", b"%PDF"))
