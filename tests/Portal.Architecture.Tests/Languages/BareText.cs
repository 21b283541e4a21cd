using System.Text.RegularExpressions;

namespace Portal.Architecture.Tests.Languages;

/// <summary>Finds text that people read and nobody can translate. It reads Razor roughly, as its own tests show: enough to tell words from code.</summary>
internal static partial class BareText
{
    // A parenthesis with all that it holds, whatever parentheses stand in its strings.
    private const string Balanced = """\((?>[^()"]+|"(?>[^"\\]+|\\.)*"|(?<open>\()|(?<-open>\)))*(?(open)(?!))\)""";

    // The value of an attribute, in which expressions may have quotes of their own.
    private const string Value = """(?>[^"@]+|@[\w.]*""" + Balanced + """|@)*""";

    private const string Shown =
        "(title|aria-label|placeholder|alt|Title|Text|Label|Hint|Subtitle|BackText|BusyText|EmptyTitle|EmptyText|Missing|Placeholder|Note|Question|Confirm)";

    // Names that are the same in every language.
    private static readonly string[] s_names =
    [
        "Portal", "Docker", "Compose", "Git", "OpenAPI", "OCI", "CSV", "JSON", "TCP", "UDP", "UTC", "IPv", "ext", "web", "Slack", "Discord", "Microsoft", "Teams",
    ];

    /// <summary>Words between tags, and in attributes that are read out or shown.</summary>
    public static IEnumerable<string> InMarkup(string source)
    {
        var markup = Markup(source);
        foreach (Match attribute in ShownAttribute().Matches(markup))
        {
            if (HasWords(attribute.Groups["value"].Value))
            {
                yield return attribute.Value;
            }
        }

        foreach (var line in Tag().Replace(markup, "\n").Split('\n'))
        {
            var text = line.Trim();
            if (!IsCode(text) && HasWords(text))
            {
                yield return text;
            }
        }
    }

    /// <summary>String literals of code that read as sentences.</summary>
    public static IEnumerable<string> InCode(string source, string file)
    {
        var code = file.EndsWith(".razor", StringComparison.Ordinal) ? CodeBlock().Match(source).Value : source;
        return Sentence().Matches(Marked().Replace(code, ""))
            .Where(found => !Excused().IsMatch(found.Groups["before"].Value))
            .Select(found => found.Groups["text"].Value);
    }

    /// <summary>String literals of a script that read as sentences.</summary>
    public static IEnumerable<string> InScript(string source) =>
        ScriptSentence().Matches(ScriptComment().Replace(source, "")).Select(found => found.Groups["text"].Value);

    /// <summary>What refusals say that pages show as they are.</summary>
    public static IEnumerable<string> Refusals(string source) =>
        Refusal().Matches(source).Select(found => found.Groups["text"].Value).Where(text => Word().IsMatch(Nested().Replace(text, "")));

    /// <summary>Refusals that are thrown in the language of whoever asked.</summary>
    public static IEnumerable<string> Translated(string source) => TranslatedRefusal().Matches(source).Select(found => found.Value);

    /// <summary>What deployments write down of what they do.</summary>
    public static IEnumerable<string> Steps(string source) => Step().Matches(source).Select(found => found.Groups["text"].Value)
        .Where(text => Word().IsMatch(Nested().Replace(text, "")));

    /// <summary>Texts that a static field holds as they were for whoever was here first; what a field computes anew is none.</summary>
    public static IEnumerable<string> InStatics(string source) => StaticField().Matches(source)
        .Select(found => found.Groups["value"].Value)
        .Where(value => !value.Contains("=>", StringComparison.Ordinal))
        .SelectMany(value => Fixed().Matches(value).Select(found => found.Value));

    /// <summary>Words that a notice shows as they stand.</summary>
    public static IEnumerable<string> InNotices(string source) => Notice().Matches(source).Select(found => found.Value);

    // Without code blocks, comments, directives, and what is marked already.
    private static string Markup(string source)
    {
        var markup = CodeBlock().Replace(Comment().Replace(source, ""), "");
        markup = Literal().Replace(Directive().Replace(markup, ""), "");
        markup = Marked().Replace(markup, "MARKED");

        // What goes over several lines is one.
        return Expression().Replace(markup, found => found.Value.ReplaceLineEndings(" "));
    }

    // What stands in a string within an expression is text as well; the rest of an expression is not.
    private static bool HasWords(string text)
    {
        var strings = string.Join(' ', Expression().Matches(text).SelectMany(found => Quoted().Matches(Compared().Replace(found.Value, ""))
            .Select(quoted => quoted.Groups["text"].Value)).Where(quoted => quoted.Length > 1 && !Format().IsMatch(quoted)));
        var rest = Technical().Replace(Entity().Replace(Expression().Replace(text, " "), " ") + " " + Hole().Replace(strings, "x"), " ");
        return Word().Matches(rest).Any(word => !s_names.Contains(word.Value) && !word.Value.Contains("MARKED", StringComparison.Ordinal));
    }

    private static bool IsCode(string line) => line.Length == 0 || Statement().IsMatch(line);

    // To its semicolon, whatever stands in its strings.
    [GeneratedRegex("""static\s+readonly\s[^;={}]*?\w+\s*=(?!>)(?<value>(?>[^;"]+|"(?>[^"\\]+|\\.)*")*);""")]
    private static partial Regex StaticField();

    [GeneratedRegex(@"(?<![\w.])(?:T|Plural)" + Balanced)]
    private static partial Regex Fixed();

    [GeneratedRegex("""Dialogs\.(Done|Failed)\(\s*\$?"[^"]*" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Notice();

    [GeneratedRegex(
        """
        new\s(Stack|Hook|HookPayload|Job|Catalogue|Git|DeploymentRefused|NodeRefusal|ContainerFailed|ContainerUpdate|Sending|Overlay|Backup|S3)Exception
        \(\s*(?:[\w.]+,\s*)?\$?"(?<text>(?:[^"\\]|\\.)*)"
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Refusal();

    [GeneratedRegex(@"new\s\w+Exception\(\s*(?:[\w.]+,\s*)?(?:T|Plural)\([^;]*")]
    private static partial Regex TranslatedRefusal();

    [GeneratedRegex(
        """(?:StepAsync|WriteAsync|SayAsync|ReportAsync)\(\s*(?:[\w.]+,\s*)?\$?"(?<text>(?:[^"\\]|\\.)*)" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Step();

    [GeneratedRegex(@"^@code\b.*\z", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"@\*.*?\*@|<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^@(page|attribute|layout|using|inject|inherits|implements|typeparam|namespace|rendermode)\b.*$", RegexOptions.Multiline)]
    private static partial Regex Directive();

    [GeneratedRegex("<(code|kbd|script|style|pre)\\b[^>]*>.*?</\\1>|<link [^>]*>|<![^>]*>", RegexOptions.Singleline)]
    private static partial Regex Literal();

    [GeneratedRegex(@"@?(?<![\w.])(?:T|N|E|Told|Plural)" + Balanced)]
    private static partial Regex Marked();

    [GeneratedRegex("(?<![\\w@.-])" + Shown + "=\"(?<value>" + Value + ")\"")]
    private static partial Regex ShownAttribute();

    [GeneratedRegex(@"</?[A-Za-z][-\w.]*(?>\s+|/|[-@:.\w]+(?:=""" + Value + @""")?|@" + Balanced + @")*>")]
    private static partial Regex Tag();

    [GeneratedRegex("@" + Balanced + @"|@[A-Za-z_](?>[\w.!?]+|\[[^\]]*\]|" + Balanced + ")*")]
    private static partial Regex Expression();

    [GeneratedRegex("""\$?"(?<text>(?:[^"\\]|\\.)*)" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Hole();

    // A hole with strings in it ends where it begins, as the literal does for whom reads roughly.
    [GeneratedRegex(@"\{[^{}]*(\}|$)")]
    private static partial Regex Nested();

    // Formats, classes, addresses, values of attributes: no words for people.
    [GeneratedRegex(@"^(p-|rz-|/|#|\?|https?:|yyyy|HH|true$|false$|page$|polite$|assertive$|[a-z]+-[-a-z]+$|[a-z]+_[_a-z]+$)")]
    private static partial Regex Format();

    [GeneratedRegex(@"([=!]=|\bis( not)?|\bor|\bcase) *""[^""]*""")]
    private static partial Regex Compared();

    // Addresses, settings and patterns given as examples.
    [GeneratedRegex(@"[^\s""]+[./:=@*_][^\s""]*[^\s"".,;:!?)]")]
    private static partial Regex Technical();

    [GeneratedRegex(@"&#?\w+;")]
    private static partial Regex Entity();

    [GeneratedRegex(@"\p{L}{2,}")]
    private static partial Regex Word();

    [GeneratedRegex(@"^(@?(if|foreach|for|while|switch|lock|using)\b.*\(|else\b|case\b|default:|break;|var\b|return\b|[{}]|@\{|//)|[;]$|=>\s*$|^\.\w+\(|^(&&|\|\||\?)")]
    private static partial Regex Statement();

    [GeneratedRegex("""(?<before>[^\n;]*?)\$?"(?<text>[A-Z“](?:[^"\\\n]|\\.)*\s(?:[^"\\\n]|\\.)*)" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Sentence();

    [GeneratedRegex("""(?<!\btext\()(?<quote>["'`])(?<text>[A-Z][a-z]* [a-z$](?:\\.|(?!\k<quote>)[^\\\n])*)\k<quote>""")]
    private static partial Regex ScriptSentence();

    [GeneratedRegex(@"(?<=^|\s)//[^\n]*|/\*.*?\*/", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ScriptComment();

    // What goes to logs, to programmers or into regular expressions.
    [GeneratedRegex(@"\b(Log\w*\(|LoggerMessage|throw\b|Exception\(|AuditEntry|nameof|GeneratedRegex|const\b|Policies?\()|///|//\s")]
    private static partial Regex Excused();
}
