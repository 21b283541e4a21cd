namespace Portal.Compose.Editing;

/// <summary>What stands at a place of a file.</summary>
internal enum TextKind
{
    Scalar,
    List,
    Map,
    Alias,
}
