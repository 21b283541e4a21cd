using System.Security.Cryptography;
using System.Text;
using Portal.Compose.Templates;

namespace Portal.Web.Features.Templates;

/// <summary>What somebody answers to a template's questions.</summary>
/// <remarks>For one page.</remarks>
public sealed class TemplateForm
{
    private const string Hex = "0123456789abcdef";
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    // What is said of an answer, in a library that speaks English.
    internal static IReadOnlyList<string> Wrongs { get; } =
    [
        N("This is needed."), N("At most 4,096 characters."), N("One line, without control characters."),
        N("Choose one of those that are offered."),
    ];

    public TemplateForm(StackTemplate template) => Fields = [.. template.Variables.Select(variable => new Field(variable))];

    public IReadOnlyList<Field> Fields { get; }

    /// <summary>Looks at all answers; what is wrong stands at each.</summary>
    public bool Check()
    {
        foreach (var field in Fields)
        {
            field.Error = field.Variable.WhyNot(field.Value) is { } wrong ? T(wrong) : null;
        }

        return Fields.All(field => field.Error is null);
    }

    /// <summary>The answers in the lines of a stack's values. Only after <see cref="Check"/>: no answer makes a line of its own then.</summary>
    public string ToValues()
    {
        var lines = new StringBuilder();
        foreach (var field in Fields)
        {
            lines.Append(field.Variable.Name).Append('=').Append(field.Value).Append('\n');
        }

        return lines.ToString();
    }

    /// <summary>A random value as a variable wants it.</summary>
    public static string Generate(TemplateVariable variable) =>
        RandomNumberGenerator.GetString(variable.IsHex ? Hex : Alphanumeric, variable.Generate);

    /// <summary>One question with its answer.</summary>
    public sealed class Field(TemplateVariable variable)
    {
        public TemplateVariable Variable { get; } = variable;

        public string Value { get; set; } = variable.Default.Length == 0 && variable.Generate > 0 ? Generate(variable) : variable.Default;

        public string? Error { get; set; }

        /// <summary>Whether a secret is shown as it is.</summary>
        public bool IsShown { get; set; }
    }
}
