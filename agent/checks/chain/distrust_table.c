/* distrust_table.c - which roots a root program distrusts, and since when */
#include "checks/chain/distrust.h"

/*
 * Where the dates are from:
 *
 * Chrome: Chromium, net/data/ssl/chrome_root_store/root_store.textproto, each
 * root's `sct_not_after_sec`. Version 17 of the store for Entrust, which later
 * ones do not hold any more; 36 for all others but GLOBALTRUST (announced to
 * public@ccadb.org on 2024-05-24).
 *
 * Mozilla: NSS, lib/ckfw/builtins/certdata.txt, each root's
 * CKA_NSS_SERVER_DISTRUST_AFTER, in version 2.86 of the list; for those of
 * Entrust that it does not hold any more, as announced on 2024-07-31 to
 * dev-security-policy@mozilla.org.
 *
 * Apple: https://support.apple.com/121668, "effective date": what was issued
 * on that day is still taken.
 *
 * The fingerprints are those of the certificates themselves, as distributions
 * and browsers ship them. A root that is only retired, because newer ones of
 * the same CA take its place, counts as well: a certificate that leads to
 * nothing but the old root is refused.
 */

/* The ends of these days, in UTC. */
#define DAY_2024_06_30 1719791999
#define DAY_2024_11_11 1731369599
#define DAY_2024_11_15 1731715199
#define DAY_2024_11_30 1733011199
#define DAY_2025_04_15 1744761599
#define DAY_2025_07_31 1754006399
#define DAY_2025_10_31 1761955199
#define DAY_2026_04_14 1776211199
#define DAY_2026_04_15 1776297599
#define DAY_2026_05_28 1780012799
#define DAY_2026_06_14 1781481599
#define DAY_2026_06_30 1782863999
#define DAY_2026_09_14 1789430399

/* All roots of Entrust, those of AffirmTrust among them. */
#define ENTRUST                                                                \
	{                                                                      \
		[DISTRUST_CHROME] = DAY_2024_11_11,                            \
		[DISTRUST_MOZILLA] = DAY_2024_11_30,                           \
		[DISTRUST_APPLE] = DAY_2024_11_15,                             \
	}

const struct distrust_root distrust_roots[] = {
	{
		"Entrust Root Certification Authority - EC1",
		"02ed0eb28c14da45165c566791700d6451d7fb56f0b2ab1d3b8eb070e56edff5",
		"b763e71add8de908a65583a4e06a504165114249",
		ENTRUST,
	},
	{
		"Entrust Root Certification Authority - G2",
		"43df5774b03e7fef5fe40d931a7bedf1bb2e6b42738c4e6d3841103d3aa7f339",
		"6a72267ad01eef7de73b6951d46c8d9f901266ab",
		ENTRUST,
	},
	{
		"Entrust.net Certification Authority (2048)",
		"6dc47172e01cbcb0bf62580d895fe2b8ac9ad4f873801e0c10b9c837d21eb177",
		"55e481d11180bed889b908a331f9a1240916b970",
		ENTRUST,
	},
	{
		"Entrust Root Certification Authority",
		"73c176434f1bc6d5adf45b0e76e727287c8de57616c1e6e6141a2b2cbc7d8e4c",
		"6890e467a4a65380c78666a4f1f74b43fb84bd6d",
		ENTRUST,
	},
	{
		"Entrust Root Certification Authority - G4",
		"db3517d1f6732a2d5ab97c533ec70779ee3270a62fb4ac4238372460e6f01e88",
		"9f38c45623c339e8a0716ce8544ce4e83ab1bf67",
		ENTRUST,
	},
	{
		"AffirmTrust Commercial",
		"0376ab1d54c5f9803ce4b2e201a0ee7eef7b57b636e8a93c9b8d4860c96f5fa7",
		"9d93c6538b5ecaaf3f9f1e0fe59995bc24f6948f",
		ENTRUST,
	},
	{
		"AffirmTrust Networking",
		"0a81ec5a929777f145904af38d5d509f66b5e2c58fcdb531058b0e17f3f0b41b",
		"071fd2e79cdac26ea240b4b07a50105074c4c8bd",
		ENTRUST,
	},
	{
		"AffirmTrust Premium",
		"70a73f7f376b60074248904534b11482d5bf0e698ecc498df52577ebf2e93b9a",
		"9dc067a60c22d926f545aba665521127d845ac63",
		ENTRUST,
	},
	{
		"AffirmTrust Premium ECC",
		"bd71fdf6da97e4cf62d1647add2581b07d79adf8397eb4ecba9c5e8488821423",
		"9aaf297ac011353526513000c36afe40d5aed63c",
		ENTRUST,
	},
	{
		"GLOBALTRUST 2020",
		"9a296a5182d1d451a2e37f439b74daafa267523329f90f9a0d2007c334e23c9a",
		"dc2e1fd1613779e4abd5d5b31271683d6a689c22",
		{ [DISTRUST_CHROME] = DAY_2024_06_30 },
	},
	{
		"Chambers of Commerce Root - 2008",
		"063e4afac491dfd332f3089b8542e94617d893d7fe944e10a7937ee29d9693c0",
		"f924ac0fb2b5f879c0fa60881bc4d94d029e1719",
		{ [DISTRUST_APPLE] = DAY_2024_11_15 },
	},
	{
		"Global Chambersign Root - 2008",
		"136335439334a7698016a0d324de72284e079d7b5220bb8fbd747816eebebaca",
		"b909ca9c1edbd36c3a6baeed54f15b9306352e5e",
		{ [DISTRUST_APPLE] = DAY_2024_11_15 },
	},
	{
		"OU=ePKI Root Certification Authority,O=Chunghwa Telecom Co.\\, Ltd.,C=TW",
		"c0a6f4dc63a24bfdcf54ef2a6a082a0a72de35803e2ff5ff527ae5d87206dfd5",
		"1e0cf7b667f2e192260945c055392e773f424aa2",
		{ [DISTRUST_CHROME] = DAY_2025_07_31,
			[DISTRUST_MOZILLA] = DAY_2025_04_15 },
	},
	{
		"HiPKI Root CA - G1",
		"f015ce3cc239bfef064be9f1d2c417e1a0264a0a94be1f0c8d121864eb6949cc",
		"f27717fa5ea8fef63d71d568bac9460c38d8afb0",
		{ [DISTRUST_CHROME] = DAY_2025_07_31 },
	},
	{
		"NetLock Arany (Class Gold) Főtanúsítvány",
		"6c61dac3a2def031506be036d2a6fe401994fbd13df9c8d466599274c446ec98",
		"ccfa6793f0b6b8d0a5c01ef353fd8c53df83d796",
		{ [DISTRUST_CHROME] = DAY_2025_07_31 },
	},
	{
		"Buypass Class 2 Root CA",
		"9a114025197c5bb95d94e63d55cd43790847b646b23cdf11ada4a00eff15fb48",
		"c98077e0629282f5469cf3baf74cc3deb8a3ad39",
		{ [DISTRUST_CHROME] = DAY_2025_10_31 },
	},
	{
		"Buypass Class 3 Root CA",
		"edf7ebbca27a2a384d387b7d4010c666e2edb4843e4c29b4ae1d5b9332e6b24d",
		"47b8cdffe56feef8b2ec2f4e0ef925b08e3c6bc3",
		{ [DISTRUST_CHROME] = DAY_2025_10_31 },
	},
	{
		"Izenpe.com",
		"2530cc8e98321502bad96f9b1fba1b099e2d299e0f4548bb914f363bc0d4531f",
		"1d1c650ea8f2257bb491cfe4b1b1e6bd55746c05",
		{ [DISTRUST_CHROME] = DAY_2026_04_14,
			[DISTRUST_MOZILLA] = DAY_2026_04_15 },
	},
	{
		"D-TRUST Root Class 3 CA 2 2009",
		"49e7a442acf0ea6287050054b52564b650e4f49e42e348d6aa38e039e957b1c1",
		"fdda14c49f30de21bd1e4239fcab632349e0f184",
		{ [DISTRUST_CHROME] = DAY_2026_05_28 },
	},
	{
		"D-TRUST Root Class 3 CA 2 EV 2009",
		"eec5496b988ce98625b934092eec2908bed0b0f316c2d4730c84eaf1f3d34881",
		"d3948a4c62132a192eccaf728a7d36d79a1cdc67",
		{ [DISTRUST_CHROME] = DAY_2026_05_28 },
	},
	{
		"T-TeleSec GlobalRoot Class 2",
		"91e2f5788d5810eba7ba58737de1548a8ecacd014598bc0b143e041b17052552",
		"bf5920360079a0a0226b8cd5f261d2b82ccb824a",
		{ [DISTRUST_CHROME] = DAY_2026_05_28 },
	},
	{
		"T-TeleSec GlobalRoot Class 3",
		"fd73dad31c644ff1b43bef0ccdda96710b9cd9875eca7e31707af3e96d522bbd",
		"b503f7763b61826a12aa1853eb032194bffececa",
		{ [DISTRUST_CHROME] = DAY_2026_05_28 },
	},
	{
		"Certigna Root CA",
		"d48d3d23eedb50a459e55197601c27774b9d7b18c94d5a059511a10250b93168",
		"188756e06e77ee24353c4e739a1fd6e1e2797e2b",
		{ [DISTRUST_CHROME] = DAY_2026_06_14 },
	},
	{
		"SSL.com EV Root Certification Authority ECC",
		"22a2c1f7bded704cc1e701b5f408c310880fe956b5de2a4a44f99c873a25a7c8",
		"5bca5ee5ded281aacda82d6451b6d9729b97e64f",
		{ [DISTRUST_CHROME] = DAY_2026_06_14 },
	},
	{
		"SSL.com EV Root Certification Authority RSA R2",
		"2e7bf16cc22485a7bbe2aa8696750761b0ae39be3b2fe9d0cc6d4ef73491425c",
		"f960bbd4e3d534f6b8f5068025a773db4669a89e",
		{ [DISTRUST_CHROME] = DAY_2026_06_14 },
	},
	{
		"SSL.com Root Certification Authority ECC",
		"3417bb06cc6007da1b961c920b8ab4ce3fad820e4aa30b9acbc4a74ebdcebc65",
		"82d1857330e73504d38e0292fbe5a4d1c421e8cd",
		{ [DISTRUST_CHROME] = DAY_2026_06_14 },
	},
	{
		"SSL.com Root Certification Authority RSA",
		"85666a562ee0be5ce925c1d8890a6f76a87ec16d4d7d5f29ea7419cf20123b69",
		"dd040907a2f57a7d5253129295ee3880250da659",
		{ [DISTRUST_CHROME] = DAY_2026_06_14 },
	},
	{
		"DigiCert Trusted Root G4",
		"552f7bdcf1a7af9e6ce672017f4f12abf77240c78e761ac203d1d9d20ac89988",
		"ecd7e382d2715d644cdf2e673fe7ba98ae1c0f4f",
		{ [DISTRUST_CHROME] = DAY_2026_06_30 },
	},
	{
		"TWCA Global Root CA",
		"59769007f7685d0fcd50872f9f95d5755a5b2b457d81f3692b610a98672f0e1b",
		NULL,
		{ [DISTRUST_CHROME] = DAY_2026_09_14 },
	},
	{
		"DigiCert Assured ID Root G2",
		"7d05ebb682339f8c9451ee094eebfefa7953a114edb2f44949452fab7d2fc185",
		"cec34ab99955f2b8db60bfa97ebd56b59736a7d6",
		{ [DISTRUST_CHROME] = DAY_2026_09_14 },
	},
	{
		"DigiCert Assured ID Root G3",
		"7e37cb8b4c47090cab36551ba6f45db840680fba166a952db100717f43053fc2",
		"cbd0bda9e1980551a14d37a28379ce8d1d2ae484",
		{ [DISTRUST_CHROME] = DAY_2026_09_14 },
	},
	{ .name = NULL },
};
