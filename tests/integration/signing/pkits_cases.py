"""NIST's PKITS 1.0.1 (2011) as a table: number, end entity's certificate, expected result.

The result is "valid", or the one of our checks that must not pass. Where PKITS asks several times
with different settings, the result is that for any policy, nothing required or inhibited at first
(RFC 5280, 6.1.1): the only question that is asked here.
"""

from __future__ import annotations

from dataclasses import dataclass

VALID = "valid"


@dataclass(frozen=True)
class Case:
    """One test of PKITS. `expected` is VALID or the key of the check that must not pass."""

    number: str
    certificate: str
    expected: str


TABLE = """
# 4.1 signature verification
4.1.1 ValidCertificatePathTest1 valid
4.1.2 InvalidCASignatureTest2 chain
4.1.3 InvalidEESignatureTest3 chain
4.1.4 ValidDSASignaturesTest4 valid
4.1.5 ValidDSAParameterInheritanceTest5 valid
4.1.6 InvalidDSASignatureTest6 chain
# 4.2 validity periods
4.2.1 InvalidCAnotBeforeDateTest1 chain
4.2.2 InvalidEEnotBeforeDateTest2 time
4.2.3 Validpre2000UTCnotBeforeDateTest3 valid
4.2.4 ValidGeneralizedTimenotBeforeDateTest4 valid
4.2.5 InvalidCAnotAfterDateTest5 chain
4.2.6 InvalidEEnotAfterDateTest6 time
4.2.7 Invalidpre2000UTCEEnotAfterDateTest7 time
4.2.8 ValidGeneralizedTimenotAfterDateTest8 valid
# 4.3 name chaining
4.3.1 InvalidNameChainingTest1 chain
4.3.2 InvalidNameChainingOrderTest2 chain
4.3.3 ValidNameChainingWhitespaceTest3 valid
4.3.4 ValidNameChainingWhitespaceTest4 valid
4.3.5 ValidNameChainingCapitalizationTest5 valid
4.3.6 ValidNameUIDsTest6 valid
4.3.7 ValidRFC3280MandatoryAttributeTypesTest7 valid
4.3.8 ValidRFC3280OptionalAttributeTypesTest8 valid
4.3.9 ValidUTF8StringEncodedNamesTest9 valid
4.3.10 ValidRolloverfromPrintableStringtoUTF8StringTest10 valid
4.3.11 ValidUTF8StringCaseInsensitiveMatchTest11 valid
# 4.4 basic revocation
4.4.1 InvalidMissingCRLTest1 revocation
4.4.2 InvalidRevokedCATest2 revocation
4.4.3 InvalidRevokedEETest3 revocation
4.4.4 InvalidBadCRLSignatureTest4 revocation
4.4.5 InvalidBadCRLIssuerNameTest5 revocation
4.4.6 InvalidWrongCRLTest6 revocation
4.4.7 ValidTwoCRLsTest7 valid
4.4.8 InvalidUnknownCRLEntryExtensionTest8 revocation
4.4.9 InvalidUnknownCRLExtensionTest9 revocation
4.4.10 InvalidUnknownCRLExtensionTest10 revocation
4.4.11 InvalidOldCRLnextUpdateTest11 revocation
4.4.12 Invalidpre2000CRLnextUpdateTest12 revocation
4.4.13 ValidGeneralizedTimeCRLnextUpdateTest13 valid
4.4.14 ValidNegativeSerialNumberTest14 valid
4.4.15 InvalidNegativeSerialNumberTest15 revocation
4.4.16 ValidLongSerialNumberTest16 valid
4.4.17 ValidLongSerialNumberTest17 valid
4.4.18 InvalidLongSerialNumberTest18 revocation
4.4.19 ValidSeparateCertificateandCRLKeysTest19 valid
4.4.20 InvalidSeparateCertificateandCRLKeysTest20 revocation
4.4.21 InvalidSeparateCertificateandCRLKeysTest21 revocation
# 4.5 self-issued certificates
4.5.1 ValidBasicSelfIssuedOldWithNewTest1 valid
4.5.2 InvalidBasicSelfIssuedOldWithNewTest2 revocation
4.5.3 ValidBasicSelfIssuedNewWithOldTest3 valid
4.5.4 ValidBasicSelfIssuedNewWithOldTest4 valid
4.5.5 InvalidBasicSelfIssuedNewWithOldTest5 revocation
4.5.6 ValidBasicSelfIssuedCRLSigningKeyTest6 valid
4.5.7 InvalidBasicSelfIssuedCRLSigningKeyTest7 revocation
4.5.8 InvalidBasicSelfIssuedCRLSigningKeyTest8 chain
# 4.6 basic constraints
4.6.1 InvalidMissingbasicConstraintsTest1 chain
4.6.2 InvalidcAFalseTest2 chain
4.6.3 InvalidcAFalseTest3 chain
4.6.4 ValidbasicConstraintsNotCriticalTest4 valid
4.6.5 InvalidpathLenConstraintTest5 chain
4.6.6 InvalidpathLenConstraintTest6 chain
4.6.7 ValidpathLenConstraintTest7 valid
4.6.8 ValidpathLenConstraintTest8 valid
4.6.9 InvalidpathLenConstraintTest9 chain
4.6.10 InvalidpathLenConstraintTest10 chain
4.6.11 InvalidpathLenConstraintTest11 chain
4.6.12 InvalidpathLenConstraintTest12 chain
4.6.13 ValidpathLenConstraintTest13 valid
4.6.14 ValidpathLenConstraintTest14 valid
4.6.15 ValidSelfIssuedpathLenConstraintTest15 valid
4.6.16 InvalidSelfIssuedpathLenConstraintTest16 chain
4.6.17 ValidSelfIssuedpathLenConstraintTest17 valid
# 4.7 key usage
4.7.1 InvalidkeyUsageCriticalkeyCertSignFalseTest1 chain
4.7.2 InvalidkeyUsageNotCriticalkeyCertSignFalseTest2 chain
4.7.3 ValidkeyUsageNotCriticalTest3 valid
4.7.4 InvalidkeyUsageCriticalcRLSignFalseTest4 revocation
4.7.5 InvalidkeyUsageNotCriticalcRLSignFalseTest5 revocation
# 4.8 certificate policies
4.8.1 ValidCertificatePathTest1 valid
4.8.2 AllCertificatesNoPoliciesTest2 valid
4.8.3 DifferentPoliciesTest3 valid
4.8.4 DifferentPoliciesTest4 chain
4.8.5 DifferentPoliciesTest5 chain
4.8.6 OverlappingPoliciesTest6 valid
4.8.7 DifferentPoliciesTest7 chain
4.8.8 DifferentPoliciesTest8 chain
4.8.9 DifferentPoliciesTest9 chain
4.8.10 AllCertificatesSamePoliciesTest10 valid
4.8.11 AllCertificatesanyPolicyTest11 valid
4.8.12 DifferentPoliciesTest12 chain
4.8.13 AllCertificatesSamePoliciesTest13 valid
4.8.14 AnyPolicyTest14 valid
4.8.15 UserNoticeQualifierTest15 valid
4.8.16 UserNoticeQualifierTest16 valid
4.8.17 UserNoticeQualifierTest17 valid
4.8.18 UserNoticeQualifierTest18 valid
4.8.19 UserNoticeQualifierTest19 valid
4.8.20 CPSPointerQualifierTest20 valid
# 4.9 require explicit policy
4.9.1 ValidrequireExplicitPolicyTest1 valid
4.9.2 ValidrequireExplicitPolicyTest2 valid
4.9.3 InvalidrequireExplicitPolicyTest3 chain
4.9.4 ValidrequireExplicitPolicyTest4 valid
4.9.5 InvalidrequireExplicitPolicyTest5 chain
4.9.6 ValidSelfIssuedrequireExplicitPolicyTest6 valid
4.9.7 InvalidSelfIssuedrequireExplicitPolicyTest7 chain
4.9.8 InvalidSelfIssuedrequireExplicitPolicyTest8 chain
# 4.10 policy mappings
4.10.1 ValidPolicyMappingTest1 valid
4.10.2 InvalidPolicyMappingTest2 chain
4.10.3 ValidPolicyMappingTest3 valid
4.10.4 InvalidPolicyMappingTest4 chain
4.10.5 ValidPolicyMappingTest5 valid
4.10.6 ValidPolicyMappingTest6 valid
4.10.7 InvalidMappingFromanyPolicyTest7 chain
4.10.8 InvalidMappingToanyPolicyTest8 chain
4.10.9 ValidPolicyMappingTest9 valid
4.10.10 InvalidPolicyMappingTest10 chain
4.10.11 ValidPolicyMappingTest11 valid
4.10.12 ValidPolicyMappingTest12 valid
4.10.13 ValidPolicyMappingTest13 valid
4.10.14 ValidPolicyMappingTest14 valid
# 4.11 inhibit policy mapping
4.11.1 InvalidinhibitPolicyMappingTest1 chain
4.11.2 ValidinhibitPolicyMappingTest2 valid
4.11.3 InvalidinhibitPolicyMappingTest3 chain
4.11.4 ValidinhibitPolicyMappingTest4 valid
4.11.5 InvalidinhibitPolicyMappingTest5 chain
4.11.6 InvalidinhibitPolicyMappingTest6 chain
4.11.7 ValidSelfIssuedinhibitPolicyMappingTest7 valid
4.11.8 InvalidSelfIssuedinhibitPolicyMappingTest8 chain
4.11.9 InvalidSelfIssuedinhibitPolicyMappingTest9 chain
4.11.10 InvalidSelfIssuedinhibitPolicyMappingTest10 chain
4.11.11 InvalidSelfIssuedinhibitPolicyMappingTest11 chain
# 4.12 inhibit any policy
4.12.1 InvalidinhibitAnyPolicyTest1 chain
4.12.2 ValidinhibitAnyPolicyTest2 valid
4.12.3 inhibitAnyPolicyTest3 valid
4.12.4 InvalidinhibitAnyPolicyTest4 chain
4.12.5 InvalidinhibitAnyPolicyTest5 chain
4.12.6 InvalidinhibitAnyPolicyTest6 chain
4.12.7 ValidSelfIssuedinhibitAnyPolicyTest7 valid
4.12.8 InvalidSelfIssuedinhibitAnyPolicyTest8 chain
4.12.9 ValidSelfIssuedinhibitAnyPolicyTest9 valid
4.12.10 InvalidSelfIssuedinhibitAnyPolicyTest10 chain
# 4.13 name constraints
4.13.1 ValidDNnameConstraintsTest1 valid
4.13.2 InvalidDNnameConstraintsTest2 chain
4.13.3 InvalidDNnameConstraintsTest3 chain
4.13.4 ValidDNnameConstraintsTest4 valid
4.13.5 ValidDNnameConstraintsTest5 valid
4.13.6 ValidDNnameConstraintsTest6 valid
4.13.7 InvalidDNnameConstraintsTest7 chain
4.13.8 InvalidDNnameConstraintsTest8 chain
4.13.9 InvalidDNnameConstraintsTest9 chain
4.13.10 InvalidDNnameConstraintsTest10 chain
4.13.11 ValidDNnameConstraintsTest11 valid
4.13.12 InvalidDNnameConstraintsTest12 chain
4.13.13 InvalidDNnameConstraintsTest13 chain
4.13.14 ValidDNnameConstraintsTest14 valid
4.13.15 InvalidDNnameConstraintsTest15 chain
4.13.16 InvalidDNnameConstraintsTest16 chain
4.13.17 InvalidDNnameConstraintsTest17 chain
4.13.18 ValidDNnameConstraintsTest18 valid
4.13.19 ValidDNnameConstraintsTest19 valid
4.13.20 InvalidDNnameConstraintsTest20 chain
4.13.21 ValidRFC822nameConstraintsTest21 valid
4.13.22 InvalidRFC822nameConstraintsTest22 chain
4.13.23 ValidRFC822nameConstraintsTest23 valid
4.13.24 InvalidRFC822nameConstraintsTest24 chain
4.13.25 ValidRFC822nameConstraintsTest25 valid
4.13.26 InvalidRFC822nameConstraintsTest26 chain
4.13.27 ValidDNandRFC822nameConstraintsTest27 valid
4.13.28 InvalidDNandRFC822nameConstraintsTest28 chain
4.13.29 InvalidDNandRFC822nameConstraintsTest29 chain
4.13.30 ValidDNSnameConstraintsTest30 valid
4.13.31 InvalidDNSnameConstraintsTest31 chain
4.13.32 ValidDNSnameConstraintsTest32 valid
4.13.33 InvalidDNSnameConstraintsTest33 chain
4.13.34 ValidURInameConstraintsTest34 valid
4.13.35 InvalidURInameConstraintsTest35 chain
4.13.36 ValidURInameConstraintsTest36 valid
4.13.37 InvalidURInameConstraintsTest37 chain
4.13.38 InvalidDNSnameConstraintsTest38 chain
# 4.14 distribution points
4.14.1 ValiddistributionPointTest1 valid
4.14.2 InvaliddistributionPointTest2 revocation
4.14.3 InvaliddistributionPointTest3 revocation
4.14.4 ValiddistributionPointTest4 valid
4.14.5 ValiddistributionPointTest5 valid
4.14.6 InvaliddistributionPointTest6 revocation
4.14.7 ValiddistributionPointTest7 valid
4.14.8 InvaliddistributionPointTest8 revocation
4.14.9 InvaliddistributionPointTest9 revocation
4.14.10 ValidNoissuingDistributionPointTest10 valid
4.14.11 InvalidonlyContainsUserCertsTest11 revocation
4.14.12 InvalidonlyContainsCACertsTest12 revocation
4.14.13 ValidonlyContainsCACertsTest13 valid
4.14.14 InvalidonlyContainsAttributeCertsTest14 revocation
4.14.15 InvalidonlySomeReasonsTest15 revocation
4.14.16 InvalidonlySomeReasonsTest16 revocation
4.14.17 InvalidonlySomeReasonsTest17 revocation
4.14.18 ValidonlySomeReasonsTest18 valid
4.14.19 ValidonlySomeReasonsTest19 valid
4.14.20 InvalidonlySomeReasonsTest20 revocation
4.14.21 InvalidonlySomeReasonsTest21 revocation
4.14.22 ValidIDPwithindirectCRLTest22 valid
4.14.23 InvalidIDPwithindirectCRLTest23 revocation
4.14.24 ValidIDPwithindirectCRLTest24 valid
4.14.25 ValidIDPwithindirectCRLTest25 valid
4.14.26 InvalidIDPwithindirectCRLTest26 revocation
4.14.27 InvalidcRLIssuerTest27 revocation
4.14.28 ValidcRLIssuerTest28 valid
4.14.29 ValidcRLIssuerTest29 valid
4.14.30 ValidcRLIssuerTest30 valid
4.14.31 InvalidcRLIssuerTest31 revocation
4.14.32 InvalidcRLIssuerTest32 revocation
4.14.33 ValidcRLIssuerTest33 valid
4.14.34 InvalidcRLIssuerTest34 revocation
4.14.35 InvalidcRLIssuerTest35 revocation
# 4.15 delta lists
4.15.1 InvaliddeltaCRLIndicatorNoBaseTest1 revocation
4.15.2 ValiddeltaCRLTest2 valid
4.15.3 InvaliddeltaCRLTest3 revocation
4.15.4 InvaliddeltaCRLTest4 revocation
4.15.5 ValiddeltaCRLTest5 valid
4.15.6 InvaliddeltaCRLTest6 revocation
4.15.7 ValiddeltaCRLTest7 valid
4.15.8 ValiddeltaCRLTest8 valid
4.15.9 InvaliddeltaCRLTest9 revocation
4.15.10 InvaliddeltaCRLTest10 revocation
# 4.16 private extensions
4.16.1 ValidUnknownNotCriticalCertificateExtensionTest1 valid
4.16.2 InvalidUnknownCriticalCertificateExtensionTest2 chain
"""

CASES = tuple(
    Case(*line.split()) for line in TABLE.splitlines() if line and not line.startswith("#")
)

DSA = "DSA is no algorithm of this product: nobody signs documents with it in Russia"
NAMES = "names are compared byte for byte: of two spellings of a name only one is the authority's"
OTHER_KEY = "a list counts only when it is signed with the key that issued the certificate"
INDIRECT = "a list of another issuer than that of the certificate is not looked at"
RELATIVE = "a point named relative to the issuer of its list is not looked at"
PARTIAL = "a list for some reasons of revocation only proves nothing"

NOT_ACCEPTED_HERE = {
    "4.1.4": ("chain", DSA),
    "4.1.5": ("chain", DSA),
    **dict.fromkeys(("4.3.3", "4.3.4", "4.3.5", "4.3.10", "4.3.11"), ("chain", NAMES)),
    **dict.fromkeys(("4.4.19", "4.5.1", "4.5.4", "4.5.6"), ("revocation", OTHER_KEY)),
    **dict.fromkeys(("4.6.15", "4.6.17", "4.9.6", "4.11.7"), ("revocation", OTHER_KEY)),
    **dict.fromkeys(("4.12.7", "4.12.9", "4.13.19"), ("revocation", OTHER_KEY)),
    **dict.fromkeys(("4.14.4", "4.14.5", "4.14.7"), ("revocation", RELATIVE)),
    **dict.fromkeys(("4.14.18", "4.14.19"), ("revocation", PARTIAL)),
    **dict.fromkeys(("4.14.22", "4.14.24", "4.14.25", "4.14.28"), ("revocation", INDIRECT)),
    **dict.fromkeys(("4.14.29", "4.14.30", "4.14.33"), ("revocation", INDIRECT)),
}
"""Valid by PKITS and not accepted here: the check that does not pass, and why that is right."""

NARROWER_QUESTIONS = {
    "4.8.1.3": "only NIST-test-policy-2, explicit",
    "4.8.2.2": "explicit policy required",
    "4.8.3.2": "explicit policy required",
    "4.8.3.3": "only NIST-test-policy-1 and 2, explicit",
    "4.8.6.3": "only NIST-test-policy-2",
    "4.8.14.2": "only NIST-test-policy-2",
    "4.10.1.2": "only NIST-test-policy-2",
    "4.10.1.3": "mapping inhibited",
    "4.10.3.1": "only NIST-test-policy-1",
    "4.10.5.2": "only NIST-test-policy-6",
    "4.10.6.2": "only NIST-test-policy-6",
    "4.12.3.2": "anyPolicy inhibited",
}
"""Subtests that PKITS calls invalid under settings of the one who asks.

Certificate policies of Russia (КС1…КА1) name the class of the signer's tool; no rule of the office
asks for one. What the certificates themselves demand of policies is evaluated (4.8–4.12).
"""
