"""Drops records whose answer begins by refusing: "I'm sorry, but I can't help with that".

Made for English and Chinese; `patterns` adds others. Only the beginning of an answer is looked at,
so that somebody in a story may refuse.
"""

from __future__ import annotations

import pyarrow as pa

from mixer.screen.rules.own_patterns import PatternStep
from mixer.screen.rules.texts import reasons

_APOLOGY = (
    r"(?:(?:oh,? |no,? |well,? |hmm,? )?"
    r"(?:(?:i['’]?m|i am|we are) (?:really |very |so |truly |terribly |deeply )?(?:sorry|afraid)"
    r"|sorry|(?:my )?apologies|i apologi[sz]e|unfortunately|regrettably)"
    r"(?: (?:about|for|to hear|that)\b[^.!?\n]{0,60})?[,.!;: -]*(?:but|however)?,? *)"
)
_AS_A_MODEL = (
    r"(?:(?:as|since i['’]?m|because i['’]?m) an? [^.!?\n]{0,20}"
    r"(?:\bai\b|assistant|model|program|bot)[^.!?\n]{0,60}, *)"
)
_CANNOT = (
    r"i (?:really |just |simply |also |personally )?(?:can(?:no|['’])t|can not|['’]?m unable"
    r"|am unable|am not able|won['’]t be able|will not be able|won['’]t|will not|must decline"
    r"|(?:have|am going) to decline|refuse|do(?:n['’]t| not) have the (?:ability|capability)"
    r"|am not (?:allowed|comfortable|programmed|permitted|willing|going))"
    r"|i['’]m not (?:able|allowed|comfortable|programmed|permitted|willing|going)"
)
# With an apology before it, any of these; on its own only what an assistant is asked for.
_SORRY_DO = (
    r"(?: to)?(?: \w+){0,2}? (?:help|assist|provid|fulfil|comply|answer|creat|writ|generat|produc"
    r"|engag|support|shar|giv|offer|do\b|perform|complet|access|brows|discuss|participat|respond"
    r"|open|handle|tell|recommend|condon|encourag|process|translat|suggest|teach|facilitat|find"
    r"|contribut|promot|speculat|describ|explain|display|draw|predict|carry|execut|advis)"
)
_DO = (
    r"(?: to)?(?: really| directly| currently)? (?:help(?: (?:you|with|him|her|them)\b|[.,!]|$)"
    r"|assist|provide|fulfil|comply|answer (?:that|this|your|the)\b|create|generate"
    r"|produce (?:a|an)\b|engage in|share (?:that|this|any)|offer (?:advice|any)|browse|discuss"
    r"|participate in"
    r"|respond to|handle (?:that|this|questions)|condone|encourage (?:you|that|this|any)|process"
    r"|give (?:you|out|advice)|tell you|speculate|display|advise|perform|describe|predict"
    r"|make a judgment|access (?:the|your|any|real|external|past))"
)
_PASSIVE = (
    r"(?:(?:i['’]m |i am )?sorry, (?:but )?)?(?:this|the|your|such) (?:type of |kind of )?"
    r"(?:instruction|request|task|prompt)s? (?:(?:can ?not|can['’]t) be (?:fulfilled|completed"
    r"|answered|done|processed|performed|executed)|requires? (?:an? )?(?:visual|audio|physical)"
    r"|involves (?:visual|audio))"
)
_ENGLISH = (
    rf"^[\s\"'*]*(?:(?:{_APOLOGY}{_AS_A_MODEL}?|{_AS_A_MODEL}){_APOLOGY}?(?:{_CANNOT}){_SORRY_DO}"
    rf"|(?:{_CANNOT}){_DO}|{_PASSIVE})"
)
_CHINESE = (
    r"^\s*(?:(?:很|非常|十分)?(?:抱歉|对不起|不好意思|遗憾)[，,。！ ]*(?:但是?)?)?"
    r"(?:(?:作为|由于我是|因为我是)[^。\n]{0,40}[，,])?(?:所以)?"
    r"(?:我|本人)?(?:目前|暂时)?(?:无法|不能|没有办法|没办法|拒绝)"
    r"(?:为您|为你|给您|给你|向您|直接|帮您|帮你)?"
    r"(?:提供|回答|完成|帮助|协助|满足|执行|生成|访问|写|处理|参与|支持|给出|获取|拿取|描述)"
)


class Step(PatternStep, frozen=True, forbid_unknown_fields=True):
    """`patterns`: further regular expressions (RE2; `(?i)` ignores case). `on`: the texts
    judged."""

    def __call__(self, batch: pa.RecordBatch) -> pa.Array:
        found = self.rows_matching(batch, f"(?i){_ENGLISH}", _CHINESE)
        return reasons(batch.num_rows, [("begins with a refusal", found)])
