"""Documents that tests read, written by hand: PDF operators, DOCX by python-docx, EPUB as the ZIP file that it is."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

PAGE_TOP, LEADING, LEFT = 780, 14, 72
# A line of a page: its text, or with it how far to go down, how far to indent, and the size of its letters.
DrawnLine = str | tuple[str, float, float, float]


def make_pdf(pages: Sequence[Iterable[DrawnLine]], told: Mapping[str, str] | None = None, catalog: str = "") -> bytes:
    """A PDF of pages of lines, in Helvetica."""
    info = "".join(f"/{key} ({value}) " for key, value in (told or {}).items())
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< {info}>>".encode(),
    ]
    for number, page in enumerate(pages):
        drawn = _drawn(page)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
            b" /Contents %d 0 R >>" % (6 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
    return assemble_pdf(objects)


def assemble_pdf(objects: Sequence[bytes]) -> bytes:
    """A PDF file of objects, the first of which is the catalog and the fourth the information."""
    parts = [b"%%PDF-1.4\n"[1:], *(b"%d 0 obj\n%s\nendobj\n" % (number, one) for number, one in enumerate(objects, 1))]
    offsets = list(accumulate(map(len, parts)))
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets[:-1])
    size = len(objects) + 1
    tail = b"trailer\n<< /Size %d /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, offsets[-1])
    return b"".join(parts) + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + tail


def _drawn(page: Iterable[DrawnLine]) -> bytes:
    operators, height = [], float(PAGE_TOP)
    for line in page:
        text, down, indent, size = (line, LEADING, 0, 11) if isinstance(line, str) else line
        height -= down
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        operators.append(f"BT /F1 {size} Tf {LEFT + indent} {height} Td ({escaped}) Tj ET")
    return "\n".join(operators).encode("cp1252")


def make_zip(parts: Mapping[str, bytes | str], *, packed: bool = True) -> bytes:
    """A ZIP file of parts, in their order."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return file.getvalue()


def make_epub(chapters: Mapping[str, str], told: str = "", **parts: str | bytes) -> bytes:
    """An EPUB book of chapters by path, with Dublin Core elements."""
    items = "".join(f'<item id="c{n}" href="{path}" media-type="a/b"/>' for n, path in enumerate(chapters))
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata>{told}</metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    return make_zip(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfile full-path="OPS/book.opf"/></container>',
            "OPS/book.opf": package,
            **{f"OPS/{path}": text for path, text in chapters.items()},
        }
        | parts
    )


def make_docx(body: str, core: str = "", **parts: str | bytes) -> bytes:
    """A DOCX document of WordprocessingML, with Dublin Core elements."""
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    package = "http://schemas.openxmlformats.org/package/2006"
    return make_zip(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/><Override PartName="/core.xml"'
            ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="r1" Type="{office}" Target="word/document.xml"/><Relationship Id="r2"'
            f' Type="{package}/relationships/metadata/core-properties" Target="core.xml"/></Relationships>',
            "core.xml": f'<cp:coreProperties xmlns:cp="{package}/metadata/core-properties"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
            f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{core}</cp:coreProperties>',
            "word/document.xml": '<?xml version="1.0" encoding="UTF-8"?>'
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
            ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            f"<w:body>{body}</w:body></w:document>",
        }
        | parts
    )
