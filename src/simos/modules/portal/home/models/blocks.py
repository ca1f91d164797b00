"""What editors build a page of: a small set of blocks, each in the design system's looks. Knows no page."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    CharBlock,
    ChoiceBlock,
    EmailBlock,
    ListBlock,
    PageChooserBlock,
    RichTextBlock,
    StreamBlock,
    StructBlock,
    StructValue,
    TextBlock,
)
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

RICH = ["h2", "h3", "bold", "ol", "ul", "link", "document-link"]
LINE = ["bold", "ol", "ul", "link", "document-link"]


def check_address(address: str) -> None:
    """ValidationError unless the address is one of ours (`/celje/...`) or of a safe site."""
    if address and not address.startswith("https://") and (not address.startswith("/") or address.startswith("//")):
        raise ValidationError(_("An address begins with https://, or with / if it is of this portal."))


class LinkValue(StructValue):
    """A link to a page or an address."""

    @property
    def address(self) -> str:
        page = self.get("page")
        return (page.url or "") if page is not None and page.live else str(self.get("url") or "")

    @property
    def name(self) -> str:
        return str(self.get("title") or (self["page"].title if self.get("page") else self.get("url")))


class LinkBlock(StructBlock):
    """A link to a page of the portal or to an address."""

    page = PageChooserBlock(required=False, label=_("Page"))
    url = CharBlock(required=False, label=_("Or an address"), validators=[check_address])
    title = CharBlock(required=False, label=_("Words of the link"))
    about = CharBlock(required=False, label=_("What is there"))

    class Meta:
        value_class = LinkValue
        label = _("Link")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not cleaned.get("page") and not cleaned.get("url"):
            raise ValidationError(_("Choose a page or write an address."))
        if cleaned.get("url") and not cleaned.get("title"):
            raise ValidationError(_("An address needs words that say where the link leads."))
        return cleaned


class StepBlock(StructBlock):
    """One step of a guide."""

    title = CharBlock(label=_("What to do"))
    text = RichTextBlock(required=False, features=LINE, label=_("How"))

    class Meta:
        label = _("Step")


class QuestionBlock(StructBlock):
    """A question with its answer, which opens when it is asked."""

    question = CharBlock(label=_("Question"))
    answer = RichTextBlock(features=LINE, label=_("Answer"))

    class Meta:
        label = _("Question")


class DocumentBlock(StructBlock):
    """A document to download."""

    document = DocumentChooserBlock(label=_("Document"))
    about = CharBlock(required=False, label=_("What it is"))

    class Meta:
        label = _("Document")


class ContactBlock(StructBlock):
    """Whom to ask, where and when."""

    name = CharBlock(label=_("Office or person"))
    address = CharBlock(required=False, label=_("Address"))
    phone = CharBlock(required=False, label=_("Telephone"))
    email = EmailBlock(required=False, label=_("Email"))
    hours = TextBlock(required=False, label=_("Office hours"))

    class Meta:
        template = "home/blocks/contact.html"
        label = _("Contact")
        icon = "user"


class PictureBlock(StructBlock):
    """A picture; who cannot see it is told what it shows, unless it only decorates."""

    image = ImageBlock(label=_("Picture"))
    caption = CharBlock(required=False, label=_("Caption"))

    class Meta:
        template = "home/blocks/picture.html"
        label = _("Picture")
        icon = "image"


class CalloutBlock(StructBlock):
    """A few words that must not be overlooked."""

    kind = ChoiceBlock(choices=[("note", _("Note")), ("warning", _("Warning"))], default="note", label=_("Kind"))
    text = TextBlock(label=_("Text"))

    class Meta:
        template = "home/blocks/callout.html"
        label = _("Note or warning")
        icon = "warning"


class BodyBlock(StreamBlock):
    """A page's text."""

    text = RichTextBlock(features=RICH, template="home/blocks/text.html", label=_("Text"), icon="pilcrow")
    steps = ListBlock(StepBlock(), template="home/blocks/steps.html", label=_("Steps"), icon="list-ol")
    questions = ListBlock(QuestionBlock(), template="home/blocks/questions.html", label=_("Questions"), icon="help")
    links = ListBlock(LinkBlock(), template="home/blocks/links.html", label=_("Links"), icon="link")
    documents = ListBlock(DocumentBlock(), template="home/blocks/documents.html", label=_("Documents"), icon="doc-full")
    contact = ContactBlock()
    picture = PictureBlock()
    callout = CalloutBlock()


class StepsBlock(StreamBlock):
    """The steps of a guide, in order."""

    step = StepBlock()


class EasyBlock(StreamBlock):
    """The same in easy-to-read words: short sentences, one thought each, and pictures."""

    text = RichTextBlock(features=["h2", "bold", "ul", "link"], template="home/blocks/text.html", label=_("Text"))
    picture = PictureBlock()
