using Portal.Engine.Errors;

namespace Portal.Engine.Networks.State;

/// <summary>Ids become names of files, so they hold letters and digits only.</summary>
internal static class SandboxIds
{
    private const int MaximumLength = 128;

    /// <summary>True for 1 to 128 of <c>[A-Za-z0-9_-]</c>, the first a letter or digit.</summary>
    public static bool IsValid(string? id)
    {
        return id is { Length: > 0 and <= MaximumLength }
            && char.IsAsciiLetterOrDigit(id[0])
            && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
    }

    /// <summary>The id, when it is one.</summary>
    /// <exception cref="EngineException">InvalidArgument: it is none.</exception>
    public static string Check(string? id)
    {
        return IsValid(id) ? id! : throw EngineException.InvalidArgument($"'{id}' is not an id of a container or network.");
    }
}
