"""How common words are in documents of international organisations: what an index should not rest on."""

_BY_FREQUENCY = """
the , . of and to in ) ( - on a for ; that with by as international security its / united nations including
law states or support ’ all general s resolution council be peace : their at from this “ commission other ”
state which – was african is it union humanitarian an such rights report paragraph armed implementation
draft member national secretary efforts further under through special are conflict personnel committee not
government human work somalia political i article parties measures members regional against between well no
also relevant protection assistance operations may any ensure requests cooperation those organizations
mission women legal obligations resolutions mandate particular assembly agreement have sudan need forces
shall will group development importance situation continue peacekeeping violence non para calls appropriate
office has progress d sea case session de process activities full court regard c use violations information
authorities upon related within un programme civilians b groups convention immunity arms take coordination
criminal out respect police see vol principles justice level necessary performance persons into v topic
concern should military reports action capacity responsibility south community accordance peacebuilding
rapporteur region these provide children practice december crimes had charter pp number decides made piracy
republic planned adopted been recalling joint mr terrorism effective erga omnes meeting force car countries
were towards role economic above urges more order would view expressed access could two new some continued
ii review acts areas proposed resources jurisdiction based articles welcoming established working conclusion
p attacks plan taking noting prevention partners financial training provided while address sexual first he
implement prevent territory applicable present note technical issues his safety institutions high encourages
stability regarding provision country entities over paragraphs part european set people experts foreign
libya gender possible weapons future question civilian electoral strategic intervention period subprogramme
threat
的 和 在 国 联合国 安全理事会 行动 特派团 支持 合作
"""
_RANK = {word: rank for rank, word in enumerate(_BY_FREQUENCY.split())}


def commonness(words: frozenset[str]) -> float:
    """Return roughly how often one of the words occurs, in thousandths of all words."""
    return sum(map(_of_word, words))


def _of_word(word: str) -> float:
    if word[0] == "@":
        return 40.0
    rank = _RANK.get(word)
    return 0.5 ** min(len(word), 8) if rank is None else 100.0 / (rank + 2)
