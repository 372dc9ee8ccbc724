"""Goes through the pages of the sign-in service as a browser without script does."""

from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests

# Account, second factor and consent, and as many again for pages that say something first.
MOST_PAGES = 8


class Page(HTMLParser):
    """The first form of a page: where it goes, its fields, its buttons in order; and the words of the page."""

    def __init__(self, html):
        super().__init__()
        self.action, self.fields, self.inputs, self.buttons, self.words = None, {}, [], [], []
        self._open = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form" and self.action is None:
            self.action, self._open = attrs.get("action", ""), True
        elif self._open and tag == "input" and attrs.get("type") == "hidden":
            self.fields[attrs["name"]] = attrs.get("value", "")
        elif self._open and tag == "input" and "name" in attrs:
            self.inputs.append(attrs["name"])
        elif self._open and tag == "button":
            self.buttons.append((attrs.get("name"), attrs.get("value", "")))

    def handle_endtag(self, tag):
        if tag == "form":
            self._open = False

    def handle_data(self, data):
        self.words.extend(data.split())

    @property
    def text(self):
        return " ".join(self.words)


class Browser:
    """Keeps cookies and the pages it has seen. It presses the first button of each form."""

    def __init__(self):
        self.session = requests.Session()
        self.seen = []

    def walk(self, url, **typed):
        """Opens an address and goes on until the app's own is reached, whose query it answers. Where there is no app
        to return to, the last page ends the walk. What is typed, by the name of its field, takes the place of what a
        button says."""
        answer = self.session.get(url, allow_redirects=False)
        for _ in range(MOST_PAGES):
            if answer.is_redirect:
                target = urljoin(answer.url, answer.headers["location"])
                if urlsplit(target).netloc != urlsplit(answer.url).netloc:
                    return dict(parse_qsl(urlsplit(target).query))
                answer = self.session.get(target, allow_redirects=False)
                continue
            assert answer.headers["content-type"].startswith("text/html"), answer.headers
            page = Page(answer.text)
            self.seen.append(page.text)
            if page.action is None:
                return {}
            answer = self.press(answer.url, page, typed)
        raise AssertionError(f"sign-in does not end: {self.seen}")

    def press(self, url, page, typed):
        form = dict(page.fields)
        form.update({name: typed[name] for name in page.inputs if name in typed})
        if page.buttons and page.buttons[0][0]:
            name, value = page.buttons[0]
            form[name] = typed.get(name, value)
        return self.session.post(urljoin(url, page.action), data=form, allow_redirects=False)
