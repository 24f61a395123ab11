"""Thai names for the people of the demo city: the same ones at every build, and nobody's in particular."""

from __future__ import annotations

from hashlib import sha256

MEN = """กิตติ เกรียงไกร จักรพงษ์ ชาญชัย ชูศักดิ์ ณรงค์ ดนัย ธนากร ธีรวัฒน์ นพดล นิรันดร์ บรรจง ประวิทย์ ปรีชา พงศ์เทพ พิเชษฐ์
พีรพล ภาณุวัฒน์ มานพ ยงยุทธ รังสรรค์ วรวุฒิ วิชัย ศราวุธ สมเกียรติ สมชาย สุรชัย สุเมธ อนุชา อภิชาติ อำนาจ เอกชัย""".split()  # noqa: SIM905
WOMEN = """กนกวรรณ กัญญา จันทนา จารุวรรณ จิราพร ชลธิชา ณัฐธิดา ดวงใจ ทัศนีย์ ธัญลักษณ์ นงลักษณ์ นันทนา เบญจวรรณ ปราณี ปิยะดา
พรทิพย์ เพ็ญศรี มณีรัตน์ มาลี รัชนี รุ่งทิพย์ ลัดดา วรรณา วิไลลักษณ์ ศศิธร ศิริพร สายสุนีย์ สุดารัตน์ สุนิสา สุภาภรณ์ อรวรรณ อัญชลี""".split()  # noqa: SIM905
BEGINNINGS = """กาญจน เกษม แก้ว จันทร์ เจริญ ชัย ทอง ธน นิล บุญ ประเสริฐ พงศ์ พันธุ์ เพชร ภักดี มณี รัตน รุ่งเรือง วงศ์ วัฒน ศรี
สกุล สิทธิ สุข สุวรรณ แสง โสภณ อุดม""".split()  # noqa: SIM905
ENDINGS = """กิจ กุล เกียรติ ไกร ชาติ ชัย โชติ ดำรง ทวี ธรรม นนท์ พงษ์ พร ไพบูลย์ ภิรมย์ มงคล ยิ่งยง รักษ์ ลักษณ์ วงศ์ วิทย์ วิไล
ศักดิ์ ศิริ สวัสดิ์ สมบัติ สมบูรณ์ เสถียร อนันต์ อารีย์""".split()  # noqa: SIM905


def full_name(person: str) -> str:
    """A person's title, name and family name, from nothing but the user id."""
    numbers = sha256(person.encode()).digest()
    if numbers[0] % 2:
        title, name = "นาย", MEN[numbers[1] % len(MEN)]
    else:
        title, name = ("นางสาว" if numbers[2] % 3 else "นาง"), WOMEN[numbers[1] % len(WOMEN)]
    beginning = BEGINNINGS[numbers[3] % len(BEGINNINGS)]
    ending = ENDINGS[numbers[4] % len(ENDINGS)]
    if beginning == ending:
        ending = ENDINGS[(numbers[4] + 1) % len(ENDINGS)]
    return f"{title}{name} {beginning}{ending}"
