"""Words that any persona can hold: they make nobody somebody, and two texts share them by chance.

Chosen by hand, by what personas share whatever they are about.
"""

from __future__ import annotations

from typing import Final

#: Words with little meaning of their own.
FUNCTION_WORDS: Final = frozenset(
    """
    a an in on at by of to is it he as or if no so up we be do my me us am i go the and
    who her his him she was are has its for not but out off own per about above across
    after again against all along also although always among another any anyone around
    because been before behind being below beside besides between beyond both can cannot
    could does doing done down during each either else enough even ever every everyone
    everything few from further had have having here hers herself himself how however into
    itself just less like made make makes making many more most much must near nearby
    never next none now often once one only onto other others our over quite rather same
    should since some someone something soon still such than that their them themselves
    then there these they thing things this those though through thus till together too
    toward towards under until upon very were what when where whether which while whom
    whose why will with within without would yet you your two three four five six seven
    eight nine ten first second third last half old age aged
    """.split()
)

#: Words of meaning that fit everybody.
GENERIC_WORDS: Final = frozenset(
    """
    year years person people individual individuals someone human being man woman men
    women boy girl adult youth young elder elderly middle child children family families
    friend friends parent parents mother father life lives living live lived daily
    everyday day days time times world society social community communities local public
    area areas place places region region's country nation national state states district
    city town village villages home house member members group india indian indians rural
    urban modern traditional culture cultural cultures heritage tradition traditions
    history historical diverse diversity different various several variety range interest
    interests interested interesting passion passionate passionately enthusiast
    enthusiasts enthusiastic keen eager dedicated committed devoted deep deeply strong
    strongly great good better best new important importance significant role roles part
    aspect aspects sense value values care cares caring concerned concern concerns
    appreciate appreciates appreciation love loves enjoy enjoys enjoying admire admires
    believe believes hope hopes want wants wish wishes need needs seek seeks seeking look
    looking aim aims strive strives try tries learn learns learning know knows knowledge
    understand understands understanding explore explores exploring engage engaged
    engaging promote promotes promoting support supports supporting help helps helping
    improve improving improves contribute contributes contributing ensure ensures ensuring
    provide provides make impact positive change changes future development growth
    progress success successful opportunity opportunities experience experiences
    experienced skill skills skilled work works working worker job career profession
    professional professionals background issue issues topic topics subject subjects field
    fields matter matters challenge challenges problem problems way ways idea ideas
    information content resources resource service services program programme programs
    project projects initiative initiatives activity activities goal goals personal
    quality use uses used using involve involved involves related regarding based focus
    focused focuses well health education educational environment spend spends share
    shares take takes find finds get gets give gives go goes come comes keep keeps rich
    vibrant unique meaningful hard hardworking resident residents citizen citizens
    participate participates student students school schools name names plan plans
    planning visit visits able small big large see sees saw say says feel feels wonder
    wonders worry worries worried afraid fear fears dream dreams think thinks thing trying
    decide decides ask asks back also hopefully nearby number order orders other happy
    proud busy
    """.split()
)

#: The same for Hindi, Marathi and the other languages where a list pays.
INDIC_GENERIC_WORDS: Final = frozenset(
    """
    और एक जो वह यह वे कि के की का को में से पर है हैं था थी थे हो होता होती होते लिए लिये
    साथ तक भी ही नहीं कर करना करने करता करती करते किया किए रहा रही रहे रहता रहती रहते गया
    गई गए अपने अपनी अपना उसका उसकी उसके उनका उनकी उनके इस उस इन उन तथा या लेकिन बहुत कुछ
    सभी सब कई हर व्यक्ति लोग लोगों इंसान महिला पुरुष युवा जीवन समाज सामाजिक समुदाय परिवार
    देश भारत भारतीय राज्य क्षेत्र स्थानीय संस्कृति परंपरा इतिहास रुचि रखता रखती रखते
    दिलचस्पी महत्व महत्वपूर्ण समझता समझती चाहता चाहती चाहते काम कार्य बारे जानने जानकारी
    सीखने विभिन्न अच्छा अच्छे बेहतर विकास मदद प्रयास विषय वाला वाली वाले आणि ती तो आहे
    आहेत करतो साठी মানুষ ব্যক্তি এবং একজন যিনি তার করেন জন্য সমাজ জীবন ஒரு மற்றும் நபர்
    மனிதர் சமூக வாழ்க்கை తన మరియు ఒక వ్యక్తి సమాజం ಒಬ್ಬ ಮತ್ತು ವ್ಯಕ್ತಿ ಸಮಾಜ ഒരു വ്യക്തി
    സമൂഹ ਇੱਕ ਅਤੇ ਵਿਅਕਤੀ ਲੋਕ એક અને વ્યક્તિ સમાજ ଜଣେ ବ୍ୟକ୍ତି ସମାଜ ایک اور شخص معاشرے
    """.split()
)
