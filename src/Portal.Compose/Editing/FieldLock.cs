namespace Portal.Compose.Editing;

/// <summary>Why a value is shown and not edited.</summary>
public enum FieldLock
{
    /// <summary>It can be edited.</summary>
    None,

    /// <summary>It is an alias: what it says stands elsewhere.</summary>
    Alias,

    /// <summary>It is below an anchor, so others may say it too.</summary>
    Anchor,

    /// <summary>It has a tag, as <c>!reset</c>.</summary>
    Tag,

    /// <summary>It has a variable in it.</summary>
    Variable,

    /// <summary>It goes over several lines.</summary>
    Lines,

    /// <summary>It is written in a longer form than one value.</summary>
    Structure,
}
