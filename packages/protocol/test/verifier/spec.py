"""The rules of a campaign: reading a spec, its labels, and who may do what with which answer."""

import re

import shapes
from cbor import NotCanonical, decode

# What ECMAScript's trim takes away.
_BLANK = "\t\n\v\f\r \xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000\ufeff"
_ENTITIES = (("&apos;", "'"), ("&gt;", ">"), ("&lt;", "<"), ("&quot;", '"'), ("&amp;", "&"))


class Spec:
    """A valid spec: `rules` is the document, `question` and `labels` what votes are about."""

    def __init__(self, data: bytes):
        try:
            self.rules = shapes.SPEC(decode(data))
        except NotCanonical as error:
            raise shapes.Misshapen(str(error)) from error
        self.is_collect = self.rules["kind"] == "collect"
        _check_consistent(self.rules)
        if self.is_collect:
            self.question, self.labels = "acceptance", ["accept", "reject"]
        else:
            self.question, self.labels = _read_config(self.rules["labelingConfig"])

    def __getitem__(self, name):
        return self.rules[name]

    def label_of(self, record):
        """The label a record votes for, None when it votes for none."""
        kind, body = record["kind"], record["body"]
        if kind == "submission":
            return None
        if kind == "review" and self.is_collect:
            return "reject" if body["verdict"] == "reject" else "accept"
        chosen = (body["answer"] or {}).get(self.question)
        return chosen[0] if chosen else None

    def accepts_body(self, record) -> bool:
        """Whether a record's body answers the campaign's question."""
        kind, body = record["kind"], record["body"]
        if kind != "review":
            if kind != ("submission" if self.is_collect else "annotation"):
                return False
            return kind == "submission" or self._is_answer(body["answer"])
        verdict, answer = body["verdict"], body["answer"]
        if verdict == "reject":
            return answer is None and body["reason"].strip(_BLANK) != ""
        if self.is_collect:
            return verdict == "accept" and answer is None
        return self._is_answer(answer)

    def is_eligible(self, terms, account, kind) -> bool:
        """Whether an account may do work of this kind."""
        if account in (terms["requester"], terms["operator"]):
            return False
        accounts, reviewers = self["eligibility"]["accounts"], self["eligibility"]["reviewers"]
        named = reviewers if kind == "review" and reviewers else accounts
        return not named or account in named

    def _is_answer(self, answer) -> bool:
        if answer is None or list(answer) != [self.question]:
            return False
        chosen = answer[self.question]
        return len(chosen) == 1 and chosen[0] in self.labels


def _check_consistent(rules):
    reward, curve = rules["reward"], rules["reward"]["qualityCurve"]
    is_collect = rules["kind"] == "collect"
    sound = (
        rules["redundancy"]["min"] <= rules["redundancy"]["max"]
        and reward["difficulty"]["min"] <= reward["difficulty"]["max"]
        and rules["batch"]["minItems"] <= rules["batch"]["maxItems"]
        and all(a[0] < b[0] and a[1] <= b[1] for a, b in zip(curve, curve[1:]))
        and (rules["items"] is None) == is_collect
        and (rules["intake"] is None) != is_collect
        and (not is_collect or (rules["gold"] is None and rules["review"]["reviews"] >= 1))
    )
    if not sound:
        raise shapes.Misshapen("the spec contradicts itself")


def _read_config(xml):
    """Name and labels of the one question of a labeling config."""
    nodes = _nodes(xml)
    choices = [node for node in nodes if node[0] == "choices"]
    if len(choices) != 1:
        raise shapes.Misshapen("not one question")
    _, attributes, children = choices[0]
    shown = {own.get("name"): own.get("value", "") for tag, own, _ in nodes if tag in ("text", "image")}
    name, to_name = attributes.get("name", ""), attributes.get("toname", "")
    is_single = attributes.get("choice", "single") in ("single", "single-radio")
    if not name or not to_name or to_name not in shown or not is_single:
        raise shapes.Misshapen("a question about nothing")
    if not all(value.startswith("$") for value in shown.values()):
        raise shapes.Misshapen("something shown that is no part of the item")
    if any(tag != "choice" or below for tag, _, below in children):
        raise shapes.Misshapen("something among the choices")
    labels = [own.get("alias", own.get("value", "")) for _, own, _ in children]
    if not 2 <= len(labels) <= 100 or "" in labels or len(set(labels)) != len(labels):
        raise shapes.Misshapen("not two to a hundred different labels")
    return name, labels


def _nodes(xml):
    """Every element of a config as (tag, attributes, children), outermost first."""
    if re.search("<!DOCTYPE|<!ENTITY", xml, re.IGNORECASE):
        raise shapes.Misshapen("document types are refused")
    root = ("", {}, [])
    stack, found = [root], []
    quoted = r"\"[^\"<]*\"|'[^'<]*'"
    for match in re.finditer(
        rf"<!--.*?-->|<\?.*?\?>|<(/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:{quoted}))*)\s*(/?)>", xml, re.DOTALL
    ):
        closes, tag, attributes, is_empty = match.groups()
        if tag is None:
            continue
        if closes:
            if len(stack) == 1 or stack.pop()[0] != tag.lower():
                raise shapes.Misshapen("tags that do not match")
            continue
        node = (tag.lower(), _attributes(attributes, quoted), [])
        stack[-1][2].append(node)
        found.append(node)
        if not is_empty:
            stack.append(node)
    if len(stack) != 1 or [tag for tag, _, _ in root[2]] != ["view"]:
        raise shapes.Misshapen("not one view")
    known = ("view", "header", "text", "image", "choices", "choice")
    if any(tag not in known for tag, _, _ in found):
        raise shapes.Misshapen("an unknown tag")
    return found


def _attributes(source, quoted):
    attributes = {}
    for name, value in re.findall(rf"([\w:.-]+)\s*=\s*({quoted})", source):
        value = value[1:-1].strip(_BLANK)
        for entity, character in _ENTITIES:
            value = value.replace(entity, character)
        attributes[name.lower()] = value
    return attributes
