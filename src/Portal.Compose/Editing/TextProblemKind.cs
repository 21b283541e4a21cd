namespace Portal.Compose.Editing;

/// <summary>Why a file can't be edited in parts.</summary>
public enum TextProblemKind
{
    /// <summary>It is no YAML.</summary>
    NoYaml,

    /// <summary>It is longer, deeper or has more values than a Compose file may.</summary>
    TooLarge,

    /// <summary>It has more than one document.</summary>
    SeveralDocuments,

    /// <summary>A key is there twice in a mapping.</summary>
    KeyTwice,

    /// <summary>A key is no text of one line.</summary>
    StrangeKey,

    /// <summary>It has signs that leave open where things stand.</summary>
    NoPlaces,

    /// <summary>It is no mapping, or its services are none.</summary>
    NoServices,
}
