"""The same report as HTML printed by WeasyPrint: what one would write who knows the web. Same content, pictures and links."""

from collections.abc import Iterator
from pathlib import Path

from django.template import Context, Engine
from django.utils import translation
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

from assessment.reports import annex as told
from assessment.reports import charts, words
from assessment.reports.content.facts import Content, Section
from assessment.reports.flow.blocks import Heading, Para, Table
from assessment.reports.flow.opening import method
from assessment.reports.fonts import WEIGHTS
from assessment.reports.linking import web_address
from assessment.reports.pdf import look
from benchmarks.naive_report import said

STYLE = """
@font-face { font-family: Report; src: url(file://%(folder)s/%(regular)s.ttf); font-weight: 400 }
@font-face { font-family: Report; src: url(file://%(folder)s/%(bold)s.ttf); font-weight: 700 }
@page { size: A4; margin: 25mm 20mm 22mm; @bottom-left { content: "%(disclaimer)s"; font: 7.6pt Report }
        @bottom-right { content: "第 " counter(page) " 页 / 共 " counter(pages) " 页"; font: 7.6pt Report } }
body { font: 9.5pt/16pt Report; color: #1f2933 } a { color: #1b7f8c; text-decoration: none }
h1 { font-size: 17pt; color: #12355b; break-before: page; bookmark-level: 1 }
h2 { font-size: 12.5pt; color: #12355b; bookmark-level: 2 } h1, h2 { break-after: avoid }
table { width: 100%%; border-collapse: collapse; font-size: 8.2pt; line-height: 12.4pt; margin: 10pt 0 }
td, th { border-bottom: .5pt solid #d9e0e6; padding: 3pt 5pt; text-align: left; vertical-align: top }
thead { background: #f5f7f9 } tr { break-inside: avoid } b, th { color: #12355b } .matrix { font-size: 6pt; line-height: 8pt }
.toc a::after { content: leader('.') target-counter(attr(href), page) } .toc a { display: block }
"""
PAGE = """
<html lang="zh-CN"><body><h1 style="break-before: auto">{{ c.cover.city }}</h1><p>{{ disclaimer }}</p>
<h1>目录</h1><div class="toc"><a href="#h1">一页摘要</a><a href="#h2">总体结果</a>
{% for s in c.sections %}<a href="#section-{{ s.code }}">{{ s.code }} {{ s.name }}</a>{% endfor %}
<a href="#h4">优先改进清单</a><a href="#h5">依据</a><a href="#h6">附录</a></div>
<h1 id="h1">一页摘要</h1><table>
{% for x in c.summary.lenses %}<tr><th>{{ x.name }}<td>{{ x.standing.score|floatformat:1 }}{% endfor %}
{% for x in c.summary.strengths %}<tr><th>{{ x.name }}<td>{{ x.score|floatformat:1 }}{% endfor %}
{% for g in c.summary.gaps %}<tr><th>{{ g.title }}<td>{{ g.actions.0.text }} {% include cites with cites=g.cites %}{% endfor %}
</table><h1>评估方法</h1>{{ method }}<h1 id="h2">总体结果</h1>{{ radar }}<table><thead><tr><th>维度<th>得分<th>上下界<th>按得分<th>等级<th>达标后<th>作答率</thead>
{% for s in c.sections %}<tr><td><a href="#section-{{ s.code }}">{{ s.code }} {{ s.name }}</a><td>{{ s.standing.score|floatformat:1 }}
<td>{{ s.standing.low|floatformat:1 }}–{{ s.standing.high|floatformat:1 }}<td>{{ s.level_by_score }}级<td>{{ s.standing.level }}级
<td>{{ s.at_target|floatformat:1 }}<td>{{ s.standing.coverage }}{% endfor %}</table>
{% for picture in pictures %}<p>{{ picture }}</p>{% endfor %}{{ heat }}
<h1>分维度差距</h1>{% for s, picture, gaps in sections %}<h2 id="section-{{ s.code }}">{{ s.code }} {{ s.name }}</h2>
<p>得分{{ s.standing.score|floatformat:1 }}，{{ s.standing.level }}级 {% include cites with cites=s.cites %}</p>{{ picture }}
<table><thead><tr><th>评估项<th>自评<th>复核<th>目标<th>差距<th>依据</thead>
{% for a in s.answers %}<tr><td><a href="#answer-{{ a.code }}">{{ a.code }} {{ a.title }}</a><td>{{ a.self_level }}
<td>{{ a.verified_level }}<td>{{ a.target }}<td>{{ a.severity }}<td>{% include cites with cites=a.cites %}{% endfor %}</table>
{% for g, ladder in gaps %}<table id="criterion-{{ g.code }}"><tr><th>{{ g.code }} {{ g.title }}
<td>{{ g.severity }} 差{{ g.gap }}级 提升{{ g.gain|floatformat:1 }} 排序第{{ g.rank }} {{ ladder }}
<tr><th>现状 {{ g.level }}级<td>{{ g.now }}<tr><th>目标 {{ g.target }}级<td>{{ g.then }}
{% for a in g.actions %}<tr><th>措施（{{ a.start }}→{{ a.end }}）<td>{{ a.text }}{% endfor %}
<tr><th>应有佐证<td>{{ g.proof }}<tr><th>度量<td>{{ g.measure }}<tr><th>牵头<td>{{ g.owner }}<tr><th>说明<td>{{ g.rationale }}
<tr><th>佐证<td>{% include proofs with items=g.evidence %}<tr><th>条款与解读<td>{% for x in g.cites %}
<p><a href="#ref-{{ x.number }}">[{{ x.number }}]</a> {{ x.text }}{% if x.quote %}：“{{ x.quote }}”{% endif %}</p>{% endfor %}</table>
{% endfor %}{% endfor %}
<h1 id="h4">优先改进清单</h1>{{ dumbbells }}<table><thead><tr><th>排序<th>评估项<th>等级<th>程度<th>提升量<th>第一步</thead>
{% for g in c.improvements %}<tr><td>{{ g.rank }}<td><a href="#criterion-{{ g.code }}">{{ g.code }} {{ g.title }}</a>
<td>{{ g.level }}→{{ g.target }}<td>{{ g.severity }}<td>{{ g.gain|floatformat:1 }}<td>{{ g.actions.0.text }}{% endfor %}</table>
<h1>质量附录</h1><table>{% for x in c.annex.unproven %}<tr><td>{{ x.code }} {{ x.title }}<td>{{ x.level }}{% endfor %}</table>
<table>{% for rule, why, x in worth %}<tr><th>{{ rule }}<td>{% for y in x.criteria %}{{ y.code }} {{ y.title }}（{{ y.level }}）；{% endfor %}<td>{{ why }}{% endfor %}</table>
<table>{% for x in c.annex.excused %}<tr><td>{{ x.criterion.title }}<td>{{ x.reason }}{% endfor %}</table>
<table><thead><tr><th>维度<th>复核<th>一致<th>高于自评<th>低于自评</thead>{% for x in c.annex.dimensions %}<tr><td>{{ x.name }}<td>{{ x.verified }}<td>{{ x.equal }}<td>{{ x.higher }}<td>{{ x.lower }}{% endfor %}</table>
<h1 id="h5">依据</h1><table>{% for r in c.references %}<tr id="ref-{{ r.number }}"><td>[{{ r.number }}]<td><b>{{ r.locator }}</b> 《{{ r.title }}》
<br>{{ r.document_number }}，{{ r.issuers|join:"、" }}，{{ r.issued|date }}，{{ r.edition }}<br>{{ r.status }}。{{ r.summary }}
{% if r.quote %}<br>引文：“{{ r.quote }}”{% endif %}<br>引用处：{% for code in r.cited_by %}<a href="#{% if "." in code %}answer{% else %}section{% endif %}-{{ code }}">{{ code }}</a> {% endfor %}
{% endfor %}</table><h1 id="h6">附录</h1><table><thead><tr><th>评估项<th>自评<th>复核<th>说明<th>佐证</thead>
{% for a in c.answers %}<tr id="answer-{{ a.code }}"><td>{{ a.code }} {{ a.title }}<td>{{ a.self_level }}<td>{{ a.verified_level }}
<td>{{ a.rationale }}{{ a.not_applicable }}<td>{% include proofs with items=a.evidence %}{% endfor %}</table>
<table class="matrix"><thead><tr><th>{% for column in c.matrix.columns %}<th>{{ column.number|default:"–" }}{% endfor %}</thead>
{% for row in c.matrix.rows %}<tr><td>{{ row.code }} {{ row.title }}
{% for mark in row.marks %}<td>{% if mark == "basis" %}●{% elif mark %}○{% endif %}{% endfor %}{% endfor %}</table>
{{ c.method.about|linebreaks }}<table>{% for s in c.method.scale %}{% if s.meaning %}<tr><th>{{ s.level }} {{ s.name }}<td>{{ s.meaning }}{% endif %}{% endfor %}</table></body></html>
"""
CITES = '{% for x in cites %}<a href="#ref-{{ x.number }}">[{{ x.number }}]</a> {% endfor %}'
PROOFS = (
    '{% for e in items %}<p>{{ forloop.counter }}. {% if e.url|web %}<a href="{{ e.url|web }}">{{ e.title }}</a>'
    "{% else %}{{ e.title }}{% endif %}（{{ e.reference }}）</p>{% empty %}未列佐证{% endfor %}"
)


class Renderer:
    """Fonts and styles are read once; `Renderer(folder)(content)` gives a PDF's bytes."""

    def __init__(self, folder: Path) -> None:
        from weasyprint import CSS
        from weasyprint.text.fonts import FontConfiguration

        self.fonts, self.engine = FontConfiguration(), Engine(autoescape=True)
        self.engine.template_builtins[0].filter("web", web_address)
        names = {"folder": folder.resolve(), "regular": WEIGHTS[400], "bold": WEIGHTS[700]}
        self.css = CSS(string=STYLE % {**names, "disclaimer": words.disclaimer()}, font_config=self.fonts)
        self.page, self.cites, self.proofs = map(self.engine.from_string, (PAGE, CITES, PROOFS))

    def __call__(self, content: Content) -> bytes:
        from weasyprint import HTML

        with translation.override(content.language):
            html = self.page.render(Context(self._context(content)))
            made: bytes = HTML(string=html).write_pdf(stylesheets=[self.css], font_config=self.fonts)
            return made

    def _context(self, content: Content) -> dict[str, object]:
        highest = content.method.highest
        return {
            "c": content,
            "cites": self.cites,
            "proofs": self.proofs,
            "disclaimer": words.disclaimer(),
            "method": format_html_join("", "<{0}>{1}</{0}>", _method(content)),
            "worth": [(told.rule(item.rule), told.why(item.rule), item) for item in content.annex.contradictions],
            "radar": _svg(charts.radar(content.overall.axes, 386, 8.2)),
            "pictures": [_picture(section) for section in content.sections],
            "heat": _svg(charts.heat_map(content.overall.heat, look.MEASURE, 8.6, highest=highest)),
            "sections": [
                (
                    s,
                    _picture(s),
                    [(g, _svg(charts.ladder(g.level, g.target, highest=highest, width=104))) for g in s.gaps],
                )
                for s in content.sections
            ],
            "dumbbells": _svg(charts.dumbbells(content.improvements[:15], look.MEASURE, 8.2, highest=highest)),
        }


def _method(content: Content) -> Iterator[tuple[str, str]]:
    for block in method(content, 0).blocks:
        match block:
            case Heading():
                yield "h2", block.text
            case Para():
                yield "p", said(block)
            case Table():
                yield from (("p", said(para)) for row in block.rows for cell in row.cells for para in cell.paras)


def _picture(section: Section) -> str:
    if section.journey:
        return _svg(charts.journey(section.journey, look.MEASURE - 40, 8.2))
    return _svg(charts.balance(section.balance, look.MEASURE * 0.62, 8.2)) if section.balance else ""


def _svg(figure: charts.Figure) -> str:
    return mark_safe(charts.svg(figure))  # our own geometry, its texts escaped
