/// The codes of the front end. A number keeps its meaning for ever.
extension DiagnosticCode {
  // MARK: Source and preprocessor

  static let missingFile = Self(1)
  static let fileTooLarge = Self(2)
  static let unreadableFile = Self(3)
  static let includeTooDeep = Self(4)
  static let malformedDirective = Self(5)
  static let unterminatedConditional = Self(6)
  static let strayConditional = Self(7)
  static let unknownDirective = Self(8)
  static let malformedCondition = Self(9)
  static let errorDirective = Self(10)
  static let functionLikeMacro = Self(11)
  static let macroRedefined = Self(12)
  static let expansionTooLarge = Self(13)
  static let unknownPragma = Self(14)
  static let malformedPragma = Self(15)
  static let tooManyFiles = Self(16)
  static let tooManyErrors = Self(17)

  // MARK: Words

  static let unterminatedComment = Self(100)
  static let unterminatedLiteral = Self(101)
  static let malformedEscape = Self(102)
  static let malformedUTF8 = Self(103)
  static let unexpectedCharacter = Self(104)
  static let malformedNumber = Self(105)
  static let integerTooLarge = Self(106)
  static let identifierTooLong = Self(107)
  static let notOneCharacter = Self(108)
  static let fixedTooLong = Self(109)
  static let zeroInString = Self(110)
  static let keywordCollision = Self(111)
  static let characterOutOfRange = Self(112)
  static let floatTooLarge = Self(113)

  // MARK: Grammar

  static let unexpectedToken = Self(200)
  static let nestingTooDeep = Self(201)
  static let notSupported = Self(202)
  static let emptyBody = Self(203)
  static let anonymousType = Self(204)
  static let contextIgnored = Self(205)
  static let expressionTooDeep = Self(206)

  // MARK: Names

  static let redefinition = Self(300)
  static let caseClash = Self(301)
  static let enclosingScopeClash = Self(302)
  static let clashWithUse = Self(303)
  static let unknownName = Self(304)
  static let wrongCase = Self(305)
  static let notAType = Self(306)
  static let notAScope = Self(307)
  static let ambiguousName = Self(308)
  static let tooManyDeclarations = Self(309)

  // MARK: Types

  static let incompleteType = Self(310)
  static let recursiveStructure = Self(311)
  static let neverDefined = Self(312)
  static let badBound = Self(313)
  static let badFixed = Self(314)
  static let arrayTooLarge = Self(315)

  // MARK: Interfaces

  static let modifierMismatch = Self(320)
  static let notAnInterface = Self(321)
  static let undefinedBase = Self(322)
  static let repeatedBase = Self(323)
  static let inheritedClash = Self(324)
  static let onewayResult = Self(325)
  static let onewayParameter = Self(326)
  static let onewayRaises = Self(327)
  static let notAnException = Self(328)
  static let repeatedException = Self(329)
  static let inheritanceTooDeep = Self(330)
  static let localType = Self(331)

  // MARK: Constants

  static let notAConstant = Self(340)
  static let badConstantType = Self(341)
  static let typeMismatch = Self(342)
  static let outOfRange = Self(343)
  static let divisionByZero = Self(344)
  static let overflow = Self(345)
  static let badShift = Self(346)
  static let stringTooLong = Self(347)
  static let foreignEnumerator = Self(348)
  static let fixedTruncated = Self(349)

  // MARK: Repository ids and our own pragmas

  static let repositoryIDConflict = Self(360)
  static let malformedRepositoryID = Self(361)
  static let notOptional = Self(362)
  static let notAnOperation = Self(363)
}
