"""Languages that services in the area say they offer besides English.

Codes are ISO 639-1, or ISO 639-3 where there is no shorter one (British Sign Language).
"""

from django.db import models


class Language(models.TextChoices):
    SIGN = "bfi", "British Sign Language"
    ARABIC = "ar", "Arabic"
    BENGALI = "bn", "Bengali"
    CHINESE = "zh", "Chinese"
    DARI = "prs", "Dari"
    ENGLISH = "en", "English"
    FARSI = "fa", "Farsi"
    FRENCH = "fr", "French"
    GUJARATI = "gu", "Gujarati"
    HINDI = "hi", "Hindi"
    KURDISH = "ku", "Kurdish"
    PASHTO = "ps", "Pashto"
    POLISH = "pl", "Polish"
    PORTUGUESE = "pt", "Portuguese"
    PUNJABI = "pa", "Punjabi"
    ROMANIAN = "ro", "Romanian"
    RUSSIAN = "ru", "Russian"
    SOMALI = "so", "Somali"
    SPANISH = "es", "Spanish"
    TIGRINYA = "ti", "Tigrinya"
    TURKISH = "tr", "Turkish"
    UKRAINIAN = "uk", "Ukrainian"
    URDU = "ur", "Urdu"
    VIETNAMESE = "vi", "Vietnamese"


# What those who read a language call it; British Sign Language is not written.
OWN_NAMES = {
    Language.ARABIC: "العربية",
    Language.BENGALI: "বাংলা",
    Language.CHINESE: "中文",
    Language.DARI: "دری",
    Language.ENGLISH: "English",
    Language.FARSI: "فارسی",
    Language.FRENCH: "Français",
    Language.GUJARATI: "ગુજરાતી",
    Language.HINDI: "हिन्दी",
    Language.KURDISH: "Kurdî",
    Language.PASHTO: "پښتو",
    Language.POLISH: "Polski",
    Language.PORTUGUESE: "Português",
    Language.PUNJABI: "ਪੰਜਾਬੀ",
    Language.ROMANIAN: "Română",
    Language.RUSSIAN: "Русский",
    Language.SOMALI: "Soomaali",
    Language.SPANISH: "Español",
    Language.TIGRINYA: "ትግርኛ",
    Language.TURKISH: "Türkçe",
    Language.UKRAINIAN: "Українська",
    Language.URDU: "اردو",
    Language.VIETNAMESE: "Tiếng Việt",
}
FROM_THE_RIGHT = {
    Language.ARABIC,
    Language.DARI,
    Language.FARSI,
    Language.PASHTO,
    Language.URDU,
}
