namespace Portal.Compose.Templates;

/// <summary>What somebody is asked for before a template becomes a stack.</summary>
/// <param name="Name">As the Compose file has it: <c>${NAME}</c>.</param>
/// <param name="Label">A few words for the field.</param>
/// <param name="Help">What it is for; empty for nothing to say.</param>
/// <param name="Default">What the field begins with; empty for nothing.</param>
/// <param name="IsRequired">Whether it can't be left empty.</param>
/// <param name="IsSecret">Whether it is hidden while it is typed.</param>
/// <param name="Choices">All that it can be; empty for anything.</param>
/// <param name="Generate">Characters of a random value that the field begins with, 8 to 128; 0 for none.</param>
/// <param name="IsHex">Whether what is generated has hexadecimal digits alone; otherwise letters and digits.</param>
public sealed record TemplateVariable(
    string Name, string Label, string Help, string Default, bool IsRequired, bool IsSecret, IReadOnlyList<string> Choices, int Generate,
    bool IsHex)
{
    private const int MostCharacters = 4096;

    /// <summary>What is wrong with a value, as a sentence; null when it will do. The value itself is not told.</summary>
    public string? WhyNot(string value) =>
        value.Length == 0 ? IsRequired ? "This is needed." : null
        : value.Length > MostCharacters ? $"At most {MostCharacters:N0} characters."
        : value.Any(char.IsControl) ? "One line, without control characters."
        : Choices.Count > 0 && !Choices.Contains(value) ? "Choose one of those that are offered."
        : null;
}
