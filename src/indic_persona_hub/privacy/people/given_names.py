"""Common Indian given names and surnames, written for this detector.

Left out: names that are also places, deities, festivals, words or brands (Asha, Krishna, Lakshmi,
Kiran, Rani, Rohini, Gayatri), because a persona may well hold those.
"""

from __future__ import annotations

from typing import Final

GIVEN_NAMES: Final = tuple(
    """
    Abhay Abhijit Abhishek Abdul Aditi Ahmad Ahmed Ajay Akram Alok Amina Amit Ananya Anbu
    Anil Anita Anitha Anjali Ankit Ankita Annamma Anirban Arjun Arun Arvind Ashish Aslam
    Ayesha Babita Baldev Balwinder Basavaraj Bashir Bhavna Bhupen Biswajit Debashis Deepa
    Deepak Deepika Dinesh Dipankar Divya Dolma Farida Farooq Fatima Ganesan Geeta Geetha
    Girish Gopal Govind Gurmeet Gurpreet Harish Harjit Harpreet Heena Hema Hemant Hitesh
    Ibrahim Imran Irfan Ishita Jagdish Jamila Jaspreet Jaswinder Javed Jaya Jayesh Jiten
    Jitendra Jitesh Kamala Kamlesh Karthik Kavita Kavitha Khadija Kuldeep Lakhan Lalita
    Lalitha Lata Latha Leela Lokesh Madhuri Mahendra Mahesh Malathi Malti Mallesh Mamata
    Mamta Manish Manisha Manjunath Manju Manoj Manpreet Meena Megha Mohan Mohit Mohammad
    Mohammed Monika Muhammad Mukesh Murali Mustafa Muthu Nagaraj Namrata Narendra Naresh
    Nasreen Nazia Nazir Neelam Neha Nikhil Nikita Nilesh Nisha Nitin Pallavi Partha Payal
    Poonam Prabhakar Pramod Pranab Pratibha Praveen Pravin Preeti Preethi Priya Priyanka
    Prosenjit Pushpa Rachna Rahim Rahul Rajan Rajendra Rajesh Rajiv Rajni Raju Rakesh
    Ramesh Ramulu Ranjit Rashmi Reena Rehana Rekha Reshma Revathi Riya Ritesh Rohan Rohit
    Rubina Rukhsana Rukmini Rupa Sachin Sakina Salim Salma Sandeep Sangeeta Sangita Sanjay
    Sanjeev Saraswathi Saravanan Sarita Saroja Satish Savita Seema Selvam Senthil Shabana
    Shabnam Shahid Shaji Shakuntala Shalini Shanta Shanthi Sharmila Sheela Shilpa Shobha
    Shreya Shruti Shweta Shyam Simran Smita Sneha Sohan Sonia Sourav Srinivas Subhash
    Subrata Sujata Sukhdev Suman Sumit Sumitra Sunil Sunita Sunitha Supriya Surekha
    Surendra Suresh Surjit Sushila Sushma Swapan Swati Tapan Tenzin Umesh Urmila Varun
    Vandana Varsha Vasantha Velu Venkatesh Vijay Vijaya Vikram Vimala Vinay Vineeta Vinod
    Vipin Vivek Yamini Yogesh Yusuf Zainab
    """.split()
)

SURNAMES: Final = tuple(
    """
    Acharya Agarwal Aggarwal Ansari Bai Banerjee Barman Baruah Begum Bhat Bhatt Bibi
    Biswas Borah Bose Chakraborty Chandra Chatterjee Chaudhary Chauhan Choudhury Chowdhury
    Das Dasgupta Debbarma Desai Deshmukh Deshpande Devi Dey Dubey Dutta Fernandes Gogoi
    Gowda Ghosh Gupta Hegde Hembrom Hussain Jadhav Jha Joshi Kalita Kapoor Kaur Khan
    Khatun Kulkarni Kumar Kumari Lal Mahato Mahto Malhotra Mandal Mathew Mehta Menon
    Mishra Mohanty Mondal Mukherjee Murmu Murthy Naidu Narayan Nayak Pandey Patil Patnaik
    Patra Pawar Pillai Prasad Rao Rathore Rawat Reddy Roy Saha Sahoo Sahu Saikia Sarkar
    Sen Shah Sharma Shetty Shinde Shukla Singh Sinha Soren Srivastava Thapa Tiwari
    Tripathi Tudu Varma Verma
    """.split()
)

#: The same in Indian scripts, with the same things left out.
INDIC_GIVEN_NAMES: Final = tuple(
    """
    सुनीता अनीता सविता नेहा प्रिया संगीता सुमित्रा शकुंतला रुखसाना फातिमा शबाना सलमा रमेश
    सुरेश महेश राजेश मुकेश दिनेश राकेश संजय अजय मनोज अनिल सुनील राजू रामू श्याम मोहन सोहन
    मोहम्मद मुहम्मद इरफान अब्दुल इमरान सलीम रहीम हरप्रीत गुरप्रीत शांताबाई சுமதி கவிதா லதா மாலதி ராஜேஷ் ரமேஷ்
    சுரேஷ் முத்து செல்வம் கார்த்திக் முருகேசன் சரவணன் பிரியா সুনীতা অনিতা রমেশ সুরেশ
    আব্দুল রহিম করিম ফাতেমা সুব্রত তপন సునీత రమేష్ సురేష్ వెంకటేష్ రాములు అనిత ಸುನೀತಾ ರಮೇಶ
    ಸುರೇಶ ಮಂಜುನಾಥ ಬಸವರಾಜ സുനിത രമേശ് സുരേഷ് ഷാജി അമിന ਗੁਰਪ੍ਰੀਤ ਹਰਪ੍ਰੀਤ ਸੁਨੀਤਾ રમેશ સુરેશ
    સુનીતા મીના ସୁନୀତା ରମେଶ
    """.split()
)

#: "Mr", "Mrs" and "Dr" in Indian scripts, without the full stop.
INDIC_HONORIFICS: Final = (
    "श्रीमती", "श्रीमति", "सुश्री", "श्री", "डॉ", "डाॅ", "শ্রীমতী", "শ্রী",
    "ডাঃ", "ডঃ", "શ્રી", "શ્રીમતી", "ડૉ", "ਸ਼੍ਰੀ", "ਸ਼੍ਰੀਮਤੀ", "ଶ୍ରୀମତୀ",
    "ଶ୍ରୀ", "திருமதி", "శ్రీ", "శ్రీమతి", "ಶ್ರೀ", "ಶ್ರೀಮತಿ", "ಡಾ", "ശ്രീ",
    "ശ്രീമതി", "ഡോ", "திரு", "மாண்புமிகு", "జనాబ్", "জনাব", "जनाब",
)  # fmt: skip

#: "Named" in Indian languages, as it stands before a person.
INDIC_NAMED: Final = (
    "नाम की महिला", "नाम की एक महिला", "नाम की लड़की", "नाम की एक लड़की",
    "नाम का लड़का", "नाम का एक लड़का", "नाम का व्यक्ति", "नाम का एक व्यक्ति",
    "नाम के व्यक्ति", "नाम का किसान", "नाम का एक किसान", "नामक महिला",
    "नामक व्यक्ति", "नामक किसान", "नामक युवक", "नावाची मुलगी", "नावाचा मुलगा",
    "नाव असलेल", "নামে এক", "নামের এক", "নামে একজন", "என்ற பெயருடைய",
    "பெயர் கொண்ட", "అనే పేరు గల", "ಎಂಬ ಹೆಸರಿನ", "എന്ന് പേരുള്ള",
    "ਨਾਮ ਦੀ ਕੁੜੀ", "ਨਾਂ ਦਾ ਮੁੰਡਾ", "નામની છોકરી", "નામનો છોકરો",
    "નામની મહિલા", "ନାମକ ଜଣେ", "نام کی لڑکی", "نام کا لڑکا",
)  # fmt: skip

#: Surnames in Indian scripts that hardly ever stand for a community, a calling or a common word.
INDIC_SURNAMES: Final = tuple(
    """
    सिंह शर्मा गुप्ता मिश्रा मिश्र तिवारी त्रिपाठी पांडेय पाण्डेय द्विवेदी चतुर्वेदी श्रीवास्तव
    सक्सेना अग्रवाल बनर्जी मुखर्जी चटर्जी भट्टाचार्य कुलकर्णी देशपांडे देशमुख जोशी शिंदे पवार
    মুখার্জি মুখোপাধ্যায় ব্যানার্জি বন্দ্যোপাধ্যায় চ্যাটার্জি চট্টোপাধ্যায় ভট্টাচার্য চক্রবর্তী
    ਸਿੰਘ ਸ਼ਰਮਾ ਗਰੇਵਾਲ ਸਿੱਧੂ શાહ મહેતા દેસાઈ ત્રિવેદી ରେଡ୍ଡୀ ପଟ୍ଟନାୟକ ମହାନ୍ତି మూర్తి రెడ్డి
    నాయుడు ರೆಡ್ಡಿ ಶೆಟ್ಟಿ ಹೆಗ್ಡೆ മേനോൻ നമ്പൂതിരി
    """.split()
)

#: What follows a given name in a full name, also where it is a common word elsewhere.
INDIC_LAST_NAMES: Final = tuple(
    """
    कुमार कुमारी देवी बाई बी बीबी बेगम खातून खान अंसारी शेख सैयद यादव वर्मा चौधरी पटेल
    पाटिल पाटील लाल राम प्रसाद दास नाथ चंद्र चंद चन्द मेहता जैन ठाकुर राणा रावत नेगी
    बिष्ट पंत भट्ट सोनी सेठ राव रेड्डी नायर पिल्लई अय्यर मंडल मुंडा मुर्मू सोरेन
    हेम्ब्रम कौर मौर्य कुशवाहा पासवान मांझी जाटव मीणा गुर्जर गौतम सिन्हा सहाय झा ओझा
    दुबे चौबे शुक्ला दीक्षित बाजपेयी जाधव मोरे गायकवाड कांबळे भोसले कदम साळुंखे गौड़ा
    कृष्णन बाबू सिन्हा अली अहमद हुसैन குமார் தேவி ராஜன் ராஜ் பாண்டியன் ராமன் கிருஷ்ணன்
    சுந்தரம் அம்மாள் பாய் பேகம் நாயுடு ரெட்டி பிள்ளை செல்வன் కుమార్ కుమారి దేవి రావు
    రెడ్డి నాయుడు ప్రసాద్ బాయి బేగం శర్మ వర్మ యాదవ్ ఖాన్ কুমার কুমারী দেবী দাস দাসী রায়
    ঘোষ বসু সেন দত্ত মণ্ডল মন্ডল সরকার খাতুন বেগম বিবি খান শেখ আলী হোসেন ইসলাম সাহা পাল
    ಕುಮಾರ್ ದೇವಿ ಗೌಡ ರೆಡ್ಡಿ ಶೆಟ್ಟಿ ರಾವ್ ಬಾಯಿ ಭಟ್ ಪಾಟೀಲ ನಾಯಕ കുമാർ ദേവി നായർ മേനോൻ പിള്ള
    തോമസ് ജോസഫ് કુમાર દેવી બેન ભાઈ પટેલ શાહ ਕੁਮਾਰ ਕੌਰ ਸਿੰਘ ਦੇਵੀ ਸ਼ਰਮਾ କୁମାର ଦେବୀ ଦାସ
    ସାହୁ ନାୟକ ପ୍ରଧାନ ବେହେରା
    """.split()
)
