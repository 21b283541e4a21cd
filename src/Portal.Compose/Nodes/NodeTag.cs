namespace Portal.Compose.Nodes;

/// <summary>What a file that is laid over another says of a value beyond the value.</summary>
public enum NodeTag
{
    None,

    /// <summary><c>!reset</c>: what was there goes, and nothing comes in its place.</summary>
    Reset,

    /// <summary><c>!override</c>: this replaces what was there, without a merge.</summary>
    Override,
}
