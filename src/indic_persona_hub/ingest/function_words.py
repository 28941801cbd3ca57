"""Frequent function words and endings by script: what tells languages of one script apart.

Written for this project. Languages that are no scheduled ones stand here too, so that their texts
are not taken for a neighbour's.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(unicodedata.normalize("NFC", text).split())


def _table(given: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    return MappingProxyType({language: _words(text) for language, text in given.items()})


DEVANAGARI: Final = _table(
    {
        "hin": """
            का के की को में से है हैं और पर यह ने नहीं भी था थी थे कि जो एक हो कर गया गई गए किया
            लिए तो ही इस उस वह वे ये अपने अपनी अपना कुछ जब तक बाद साथ रहा रही रहे हुआ हुई हुए होता
            होती होते करने करते करता करके कहा जा दिया दी सकते सकता सकती इसके उनके उसके उनकी उसकी
            इसकी मैं हम आप तुम मेरे मेरा मेरी क्या क्यों कैसे कौन कहाँ कहां बहुत लेकिन या सब फिर अब
            वाले वाली वाला द्वारा इन उन जैसे उन्होंने उसने मुझे हमें यहाँ वहाँ न ना लगा लगे लगी सभी
            जिस किसी कोई करें गये चाहिए होगा होगी होंगे इसे उसे जिसमें हूँ हूं तथा यदि अगर जाता जाती
            जाते करना इसमें उन्हें गयी लिये नही इससे जिससे दे कब आपको उनको इसको उसको किसको सबको हमको मुझको""",
        "mar": """
            आहे आहेत आणि हे ही हा होते होता होती या तो ती ते त्या व केले केली केला मध्ये साठी असे
            नाही नाहीत की पण मी म्हणून झाला झाली झाले एक काय आता त्यांनी त्यांच्या यांच्या यांनी
            त्याच्या तिच्या आपल्या आपण असून करून करण्यात आला आली आले येथे अशी असा कोणत्या कोण कधी
            कसे सर्व खूप मला तुम्ही आम्ही त्याला तिला त्याने तिने शकते येत जात नंतर पासून मात्र तर
            याचा यांचा त्यामुळे दिली दिले दिला म्हणाले म्हणाला म्हणाली काही फक्त पर्यंत बद्दल केल्या
            झाल्या होणार करणार आलं झालं होतं केलं आहोत नव्हते नव्हता कोणती कोणता कोणते यांना त्यांना
            हवे वर घेऊन करत असतो असते दोन मग पुन्हा तिथे इथे आज माझ्या तुमच्या आमच्या याने यांचे यांची
            याची याचे मोठा मोठी मोठे नव्हे होईल येणार जाणून घ्या सोबत तुमची तुमचे माझा माझी माझे कसा
            कशी झालेल्या असलेली असल्याचे आल्या गेले गेला गेली दिसत लागले लागली""",
        "npi": """
            छ छन् र यो त्यो हो थियो थिए थिइन् भने पनि गर्न गरे गरेको गर्ने गर्छ गर्नु गर्दै हुन्छ
            हुन् हुने भएको भए भयो लागि सबै उनी उनले उनको म मेरो हामी हाम्रो तपाईं के कुन कति कसरी
            किन कहाँ जुन तथा एक धेरै रूपमा रुपमा द्वारा वा पछि अनि तर थिएन छैन भन्ने साथै मा ले लाई
            बाट देखि सम्म आफ्नो गरी गरियो गरिएको गए आए ऊ त्यस यस तिनी उसले कहिले यसले हरू कसले को
            यसको त्यसको उसको नै एउटा जब तब अब त गर्दा भन्दा जस्तै तिमी मलाई थियौ दिए राम्रो सानो""",
        "san": """
            च अस्ति आसीत् इति एव न अपि तु हि तत् सः सा ते तस्य तस्याः यत् यः भवति भवन्ति अभवत् किम्
            एतत् एषः एषा कृत्वा वा सन्ति अत्र तत्र यदा तदा अहम् अहं मम त्वं तव वयम् वयं कः कस्य कथं
            कथम् केन अस्य अस्मिन् तस्मिन् सह सर्वे ततः अतः यथा तथा इव स्म नाम तेन एकः एकं वर्षे तमे
            पुनः उक्तवान् चेत् नास्ति किन्तु परन्तु अनन्तरम् आसन् यो मे त्वा नः सो वै किं तं तां तान्
            एतस्य भवतः भवान् अस्माकं तस्मै ये यस्य एवं इदं इदम् अयं अयम् इयं तर्हि विना प्रति मध्ये""",
        "kok": """
            आनी आसा आसात आसलो आसली आसलें आशिल्लो आशिल्ली आशिल्लें आशिल्ले तें हें हो जालो जाली जालें
            जाल्लें जाल्या केलो केली केलें म्हूण म्हण म्हळ्यार खातीर मदीं वयर उपरांत ताका ताची ताचे
            ताचो ताच्या ताणें ताणे तांणी तांचो तांचे तांकां हांव हांवें म्हाका म्हजे म्हजो म्हजें
            तुका आमी तुमी कोण किते कितें कित्याक खंय केन्ना जेन्ना तेन्ना अशें कशें तशें पूण न्हय ना
            सगळे सगळ्या सगळें सगळ्यांत चड हाचो हाची हाका ह्या त्या तो ती ते ही हे दिसा लागीं कडेन
            वांगडा करून घेवन आयलो आयली आयलें आयले गेलो गेली गेलें दिलो दिली दिलें करपाक जावन जाता
            आसता करता सांगलें वता येता जायना नाका मेळटा हांणी हाणें हांगा थंय
            हांचे हांची हांका तरी कोणाक सांगात दिवप करप म्हणलें म्हळें खंयचें खंयच्या कोणें जाका नवें""",
        "mai": """
            अछि छल छथि छलाह छलीह छलैक छैक छै छी आ ओ ई जे एहि ओहि केर सँ सं मे पर के एकटा गेल कएल
            कयल भेल लेल देल रहल रहथि नहि नै सभ तथा एवं अपन हुनक हुनका हुनकर ओकर जेकर जकर ककर ताहि
            जाहि कोन केना किए कतय कतेक एतय ओतय एहन ओहन जेना तेना मुदा संग दय करैत होइत रहैत करब
            होयत अहाँ हम हमर अहाँक हमरा ओकरा सब कऽ लऽ दऽ भेलाह कयलनि कएलनि देलनि कहलनि देलक लेलक
            कयलक केलक गेलाह जाइत द्वारा बीच कोनो किछु बनल केहन क छलथि कोना बाद कें केँ ओतऽ""",
        "doi": """
            ते दा दे दी च ऐ न गी कन्नै कन्ने इक हा ही हे बी करदे करदा करदी होई होआ होए ओह् एह् एह
            ओह गेआ गेई गेदा गेदी गेदे जेह्ड़ा जेह्ड़ी जेह्ड़े जिसदे जिसदा बिच्च बिच आस्तै परैंत नेईं
            उसदे उसदी उसदा उंदे उंदी उंदा इसदे इसदा इसदी अपने अपनी कीता कीती कीते केह् के कुस कुन
            कित्थे कियां किन्ना किन्ने कनेहा जे तां जां उप्पर थमां शा तगर लेई राहें ओहदे मेरे तेरे
            असें अस तुस मिगी उसी उनें इनें लोकें मता मती मते पर हून फ्ही होंदा होंदे होंदी दित्ता
            दित्ते दित्ती सारे जदूं ने कोला आह्ले आह्ला किश ओने तौरा बक्ख""",
        "brx": """
            आरो नि जों बे बि आं नों बियो बिसोर बिसोरो मोन दं नङा गैया थाखाय एबा खौ फ्राय सिमायै
            मोनसे सासे गासै गोबां जायो जाबाय जानाय दंमोन बेनि बिनि आंनि नोंनि जोंनि बेयो माब्ला
            मोनाव बबे बबेनि मानो सोर सोरनि मोनहा जोबोद गेदेर उनदै गावनि गाव बायदि मथे दानि समाव
            अब्ला थेवब्लाबो मानोना बेखौ बिखौ बेफोर नाथाय एरै होनना बुंनानै खालामनाय खालामनो जानो
            नङै जायनि बादि लोगोसे सिगां उनाव मोननै गोनां गोसो एसेबां""",
        "snd": """
            ऐं जो जा जी में खे सां आहे आहिनि आहियां हुओ हुई हुआ हो हुन हुनजो हुनजी इहो इहा उहो मूं
            तूं असां अव्हां पर बि न त छा कीअं छो जेको जेका करे थो थी थिए था वियो वई चयो लाइ मां ते
            मंझि खां तंहिं जंहिं हिक हिकु हिन पोइ सभु कंहिं तव्हां""",
        "kas": """
            छु छि छे छ तॖ ति मंज़ हुंद हुंज़ सॖत्य ओस आसि यि सु यिम तिम अख पनुन पनॖनि गव कॖर्य
            छिव छुख बॖ चॖ तस पेठ्य नॖ केंह""",
        "bho": """
            बा बाटे बाड़े बाड़न बानी ह हवे रहल भइल कइल गइल दिहल आ ओकर हमार तोहार एगो दुगो नइखे ना
            खातिर के में से पर रहे रहली जाला होला करेला लोग सभे आउर ई ऊ कि जे जवन कवनो बाकि अपना
            उनकर इहां उहां कहले रउआ हमनी""",
        "awa": """
            अउर जेहि तेहि सोइ करहिं मोहि कहँ जनि बिनु नहिं अस जिमि सकल उर भए सुनि करि एहि कर पुनि
            तुम्ह हरि प्रभु सन मन पद कै कहि देखि महुँ तब सब जाइ होइ करउँ तासु जासु सुभ इव चले बोले
            मुनि राम जौं तौ किमि कृपा""",
        "raj": """
            रो री रा नै छै है अर म्हारो म्हारी थारो कोनी सूं मांय हो हा करै वै बो बा इण उण जिण घणो
            घणी पण आप कठै जद तद लोगां म्हैं थे""",
        "hne": """
            हे हवय हावय हवे मन ला के अउ ओकर मोर तोर बर म ले होथे करथे रहिस रिहिस नइ जाथे एक कोनो
            अपन येकर येहा ओहा काबर घलो सबो दाई लइका""",
    }
)

BENGALI: Final = _table(
    {
        "asm": """
            আৰু মই তেওঁ তেওঁৰ নাই আছিল হ'ল এটা এজন কৰা কৰি কৰে পৰা বাবে সেই যি কেনেকৈ কিয় তাৰ
            মোৰ আমাৰ আপুনি সি হৈছে হৈ কৰিছিল লগত মাজত পিছত নহয় সকলো বহুত এনে ইয়াৰ ওপৰত হোৱা
            থকা যোৱা চনত কিমান""",
        "ben": """
            এবং ও এই সে তার তাদের একটি একটা করে করা করতে হয় হয়ে না নেই থেকে জন্য আমি আমার আমরা
            আপনি তুমি তিনি কি কী কে কোন যে যা কিন্তু আর হবে হচ্ছে ছিল ছিলেন আছে নিয়ে দিয়ে সঙ্গে
            সাথে পর পরে মধ্যে বলে বলেন এক তা অনেক সব এখন এর তারা কিছু খুব কেন কোথায় হয়েছে করেছে
            করেন গেছে যায় গিয়ে এসে তবে করছে হল হলো ছিলো করেছেন হয়েছিল এক কোনো তাই আগে""",
        "mni": """
            অমসুং অসি অদু মসি মদু করি কনা কদায়দা কয়া অমা অমদি হায়বা হায়না হায়রি লৈ লৈবা লৈরে
            ওই ওইবা ওইরি ওইনা তৌবা তৌরি মখোয় মহাক ঐ ঐহাক ঐখোয় নঙ মতুং মতমদা মতমগী মীওই মীয়াম
            মফমদা খুদিংমক অসিদা অদুদা অসিগী অদুগী পুম্নমক য়াম্না অদোম মরক্তা লোয়না অসুম মখা
            হৌজিক নুংশিবা""",
    }
)

ARABIC: Final = _table(
    {
        "urd": """
            کے کی کا میں ہے سے اور کو نے پر یہ ہیں نہیں کہ اس وہ بھی تھا تھی تھے ایک ہو کر جو گیا
            گئی گئے تو لیے لئے کیا ان اپنے اپنی اپنا ہوئے ہوئی ہوا ہی تک بعد ساتھ کسی جس آپ ہم مجھے
            ہوں رہا رہے رہی ہوتا ہوتی کوئی کچھ جب کون کیسے کیوں کہاں والے والی والا دیا کہا""",
        "snd": """
            جي جو ۾ ۽ کي جا تي آهي آهن کان هن ته نه ٿو ٿي ٿيو سان هو هئي هئا هڪ پر ڪيو لاءِ هي پوءِ
            ڪري اهو اها ان جنهن تنهن منهنجو سندس ڪيئن ڇو ڇا جڏهن تڏهن ويو وئي اسان توهان مان ڪرڻ
            ڪندي ڪيا بابت طرفان""",
        "kas": """
            چھُ چھِ چھےٚ چھ تہٕ تہِ منٛز منز ہٕنٛد ہِنٛد ہُنٛد ہنز سٟتؠ سٟتۍ سۭتۍ اوس آسان یہِ یِہ
            سُہ یِم تِم کیٚنٛہہ کینہہ پیٚٹھ پیٹھ نہٕ اکھ أکِس اَکھ گژھان کران خٲطرٕ خٲطرہ پننہِ
            پنُن چھُس بہٕ ژٕ تَس""",
        "fas": """
            است در از که این را به با برای آن یک می های بود شد هم تا بر شده کرد نیز خود ما""",
        "ara": """
            في من على إلى أن هذا هذه التي الذي كان مع عن لا ما هو هي بعد قد كل بين""",
        "pnb": """
            دا دی دے نوں وچ تے نال سی ایہہ اوہ نیں اے ہن کیتا گیا ایس اوس وی توں لئی جیہڑا سن""",
    }
)

#: Endings that words of one language have and its neighbours' seldom do.
ENDINGS: Final = _table(
    {
        "mar": "च्या मध्ये साठी ण्यात ातील ांनी ांना ाला ाची ाचे ाचा तील ण्याची ांची ांचे ांचा णार वर",
        "npi": "हरू हरु लाई बाट सँग ियो को मा हरूले न्छ न्छन्",
        "san": "ः म् स्य न्ति ेण ेषु ानां ानाम् वान् ाणि ्यते ायाः ीनां",
        "kok": "ांत चें चो ल्लो ल्लें ल्ली पाक ांतल्या ांतलें ांतली ांतलो ्यार कडेन ांक खातीर विशीं चीं",
        "mai": "लनि लथि ैत लाह लन्हि",
        "brx": "आव खौ फोर फोरा नानै नाय बाय जों फोरनि नायनि नायाव",
        "mni": "গী দগী সিং সিংগী সিংনা খিবা রিবা লিবা বদা বগী মক সিংদা",
        "doi": "ड़ियां आह्ला",
    }
)
#: Characters that, among the languages of their script here, few or no others write.
LETTERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "asm": "ৰ",
        "snd": "ٻڀٿٺٽڄڃڌڊڏڍڙڦڪڳڱڻ۽۾ॻॼॾॿ",
        "kas": "ٲٳۆۄؠٟۍॖॗॳॴॶॷ",
        "san": "॒",
        "mar": "ळ",
        "kok": "ळ",
    }
)

_INDIAN_IN_LATIN = """
    hai hain nahi nahin nhi kya kyu kyun kyon kyunki ka ki ke ko mein mai se aur ye yeh woh wo bhi
    tha thi kar raha rahi rahe hua hui hue liye liya koi kuch kuchh kaise kaisa kaisi kaun kab kaha
    kahan apne apna apni mera meri mere tera teri tere tumhara tumhare hamara hamare humare humara
    mujhe muje tujhe usne uska uski uske iska iski iske unka unki unke unhone isne sabse lekin magar
    agar phir fir abhi bahut bohot bhot accha acha achha wala wali wale gaya gayi gaye gya karo
    karna karne karta karti karte karke karenge karega hoga hogi hota hoti hote hoon haan jo jab toh
    ek yaar bhai kaam baat ghar logon paani paisa paise kisi aap hum tum sab chahiye
    raho rha rhe rhi
    diya diye dena lena kiya kiye krna kr h hu tak saath sath waha yaha yahan wahan matlab
    sirf isliye
    aisa aise waisa itna kitna jaise pehle baad sakta sakte sakti agli naya nayi din raat
    enna illa illai naan avan aval avanga ungal enakku unakku oru intha antha indha andha inga anga
    enga eppadi eppo yaar romba nalla irukku iruku irukken irukkum panna pannunga sonna solla seri
    aana appo ippo ellam ellaam thaan dhaan mattum kooda vanga venum vendum pathi irundhu nee naanga
    nenu nuvvu meeru memu manam vaadu aame idi adi ledu kadu kaadu undi unnaru unnayi ayindi chala
    chaala ela enduku ekkada eppudu emi enti evaru naaku neeku maaku meeku kaani mariyu kosam nundi
    gurinchi chesi cheyali cheppandi vachindi ippudu appudu anni oka ledhu unna
    naanu neenu avaru avanu idu adu ide yaake elli hege yavaga eshtu nanage ninage mattu ondu maadi
    beku beda alli illi nimma namma
    njan njaan avar ithu athu undu aanu entha enthu evide eppol ningal ente ninte pakshe enikku
    ninakku cheythu paranju venda venam alle
    ami tumi apni amra tomar amar amader ache achhe nei kore korte korchi hobe hoyeche hoye jonno
    theke kothay keno kichu ekta ekti sei shob onek bhalo khub kintu ebong chilo
    aahe ahe ani aani amhi tumhi tyala tila mala tula kay kaay kasa kashi khup mhanun zala jhala
    zali sathi madhe kuthe kadhi majha majhi tujha tyanni karun nako
    tusi tussi assi vich naal nal sanu tuhanu mainu tenu kithe kiven ate jad ik sada tuhada karda
    kardi kita kiti gall hun
    chhe nathi hato hati hata ane tame ame maru taru tamaru amaru kem karvu thay thayu gayo
    achhi thila kahinki kemiti mora tume apana
    moi apuni xi aru kio keneke mur tumar asil
    chha chhan thiyo hoina tara pani lai garne gareko bhayo kina kasari mero timro hamro dherai
    hanv tujem mhaka tuka kitem khoim zalo
    """
_ENGLISH = """
    the of and to in is for that with on as was by are be it this from at an have has had not or
    which will their they you your we our he his she her were been but can could would should if
    who what when where how why there its may also more all do does did than then them these those
    so no up out about into after before over under such only other some any each i me my him us am
    being because while through during between against both most own same very just here off once
    few don doesn didn isn wasn aren won hasn haven let must might shall per via within without
    """

#: Romanised function words of Indian languages, less those that are English words as well.
#: Endings of English words that need not come with function words, as in headlines.
ENGLISH_ENDINGS: Final = ("ing", "tion", "tions", "ment", "ments", "ed", "ly", "ness", "ers")
ROMANISED: Final = _words(_INDIAN_IN_LATIN) - _words(_ENGLISH)
ENGLISH: Final = _words(_ENGLISH)
