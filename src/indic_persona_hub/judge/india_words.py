"""Words that place a persona in India, or outside it; written for `india_centric`."""

from __future__ import annotations

from typing import Final

#: Parts of names of states, old regions, rivers and hills; the tables of `reference` have the rest.
REGIONS: Final = tuple(
    """
    India Indian Indians Bharat Pradesh Nadu Tamilnadu Bengal Uttaranchal Orissa Andaman Andamans
    Nicobar Dadra Diu NCR Kashmir Pondicherry Konkan Malwa Vidarbha Marathwada Bundelkhand Kutch
    Kachchh Saurashtra Malabar Mithila Awadh Terai Dooars Sundarbans Garhwal Kumaon Bastar Deccan
    Doab Coorg Kodagu Spiti Majuli Vypin Seemanchal Chambal Vindhya Telangana Ladakh Brahmaputra
    Ganga Yamuna Godavari Kaveri Cauvery Narmada Kosi Ghats Nilgiri Nilgiris Himalayas Himalayan
    Thar Bombay Calcutta Madras Bangalore Mysore Calicut Baroda Banaras Vizag Trichy Ooty Gurgaon
    Allahabad Dharavi Charminar Chandni
    """.split()
)

#: Institutions, exams, schemes and offices; the case of letters counts.
INSTITUTIONS: Final = (
    "UPSC", "SSC", "NEET", "JEE", "GATE", "IIT", "IIM", "AIIMS", "CBSE", "ICSE",
    "NCERT", "IGNOU", "UGC", "PSC", "TNPSC", "KPSC", "MPSC", "BPSC", "CUET", "NIOS",
    "ISRO", "DRDO", "IAS", "IPS", "ASHA", "ANM", "PHC", "CHC", "BPL", "APL", "OBC",
    "SC", "ST", "EWS", "NREGA", "MGNREGA", "MNREGA", "PDS", "FPO", "KVK", "NABARD",
    "LIC", "SBI", "RBI", "UPI", "EPFO", "ESI", "ITI", "RTI", "GST", "PMAY", "PMJAY",
    "KCC", "SHG", "NGO", "RSBY", "Aadhaar", "Aadhar", "Anganwadi", "Kudumbashree",
    "Jeevika", "Dhan", "Ayushman", "Ujjwala", "Lok", "Rajya", "Vidhan", "Bollywood",
    "Kollywood", "Mollywood", "Tollywood", "Doordarshan", "Akashvani", "Hindu", "Dalit",
    "Adivasi", "Jain", "Sikh", "Brahmin",
)  # fmt: skip

#: Common words of Indian life, in any case of letters.
LIFE: Final = tuple(
    """
    panchayat gram sarpanch pradhan anganwadi asha-worker ration tehsil tehsildar taluk taluka
    mandal patwari lekhpal talathi zilla kisan mandi haat bazaar sabha samiti lakh lakhs crore
    crores rupee rupees rs kirana dhaba thela chowk basti chawl jhuggi pucca kutcha bigha
    guntha khadi handloom saree sari saris sarees dhoti lungi kurta salwar kameez dupatta
    gamcha mekhela mundu lehenga zari bidi beedi gutka paan chai lassi roti chapati dal daal
    dosa idli sambar rasam biryani samosa jalebi laddoo laddu halwa kheer paneer ghee khichdi
    poha upma vada pav paratha thali puri litti papad jaggery masala bajra jowar ragi tur toor
    moong urad chana rabi kharif basmati mahua tendu areca tapioca neem tulsi gur
    auto-rickshaw autorickshaw rickshaw e-rickshaw scooty puja pooja aarti mandir gurdwara
    dargah namaz madrasa ashram mela diwali deepavali holi eid onam pongal bihu durga navratri
    dussehra ganesh ramzan muharram chhath ugadi vishu baisakhi lohri makar sankranti kumbh
    jatra ramleela theyyam kathakali bharatanatyam kathak garba bhangra lavani baul yakshagana
    carnatic hindustani tabla sitar mridangam veena dholak bhajan qawwali kolam rangoli mehndi
    madhubani warli pattachitra kalamkari ikat banarasi chikankari phulkari ayurveda ayurvedic
    unani siddha dai dhobi chowkidar kabadiwala kulfi hijra lambani gond santhal santal bhil
    munda oraon toda khasi naga mizo bodo kuki meitei scheduled-caste scheduled-tribe dalit
    adivasi amma didi bhaiya nani dadi nana dada beti bahu kabaddi kho-kho hindi tamil telugu
    malayalam kannada marathi bengali bangla gujarati punjabi odia oriya assamese urdu
    sanskrit konkani maithili bhojpuri santali manipuri nepali sindhi dogri kashmiri tulu
    hinglish rajasthani bihari keralite goan naxal lathi challan coir jute coolie tiffin
    dabbawala godown malayali malayalee tamilian kannadiga marwari parsi gorkha garo nri desi
    mohalla shagun
    """.split()
)

#: Elsewhere: countries, their people, cities and money.
ELSEWHERE: Final = (
    "American", "Americans", "USA", "U.S.", "United States", "Canada", "Canadian", "Mexico",
    "Mexican", "Brazil", "Brazilian", "British", "Britain", "England", "UK", "U.K.",
    "United Kingdom", "Scotland", "Scottish", "Wales", "Welsh", "Ireland", "Irish", "France",
    "French", "Germany", "German", "Italy", "Italian", "Spain", "Spanish", "Portugal",
    "Russia", "Russian", "Ukraine", "Poland", "Polish", "Sweden", "Swedish", "Norway",
    "Norwegian", "Denmark", "Danish", "Finland", "Finnish", "Dutch", "Netherlands", "Belgium",
    "Swiss", "Switzerland", "Greece", "Greek", "Turkey", "Turkish", "Israel", "Egypt",
    "Egyptian", "Nigeria", "Nigerian", "Kenya", "Kenyan", "Ghana", "South Africa", "Ethiopia",
    "China", "Chinese", "Japan", "Japanese", "Korea", "Korean", "Vietnam", "Vietnamese",
    "Thailand", "Thai", "Indonesia", "Indonesian", "Malaysia", "Malaysian", "Philippines",
    "Filipino", "Australia", "Australian", "New Zealand", "Pakistan", "Pakistani",
    "Bangladesh", "Bangladeshi", "Sri Lanka", "Sri Lankan", "Argentina", "Chile", "Colombia",
    "Peru", "Cuba", "New York", "Los Angeles", "Chicago", "Texas", "California", "Florida",
    "Boston", "Seattle", "San Francisco", "Washington", "London", "Paris", "Berlin", "Rome",
    "Madrid", "Moscow", "Tokyo", "Beijing", "Shanghai", "Sydney", "Melbourne", "Toronto",
    "Vancouver", "Dhaka", "Karachi", "Lahore", "Islamabad", "Colombo", "Connecticut", "Ohio",
    "Michigan", "Pennsylvania", "Virginia", "Georgia", "Arizona", "Colorado", "Oregon",
    "Wuhan", "Hubei", "Hong Kong", "Singapore", "Dubai", "Qatar", "Doha", "Kuwait", "Nepal",
    "Kathmandu", "Bhutan", "Myanmar", "Europe", "European", "Africa", "African", "Oxford",
    "Manchester", "Enfield", "Houston", "New Jersey", "Silicon Valley", "Mauritius",
    "Medicare", "Medicaid", "NHS", "NBA", "NFL", "ढाका", "पाकिस्तान", "अमेरिका", "ঢাকা",
    "বাংলাদেশ",
)  # fmt: skip
