namespace Portal.Web.Features.Updates.Tags;

/// <summary>By what the newest tag is told.</summary>
public enum TagOrder
{
    /// <summary>By semantic version (semver.org).</summary>
    Version,

    /// <summary>By a whole number.</summary>
    Number,

    /// <summary>By a date, with a time or without.</summary>
    Date,

    /// <summary>By the alphabet, letter for letter.</summary>
    Alphabet,
}
