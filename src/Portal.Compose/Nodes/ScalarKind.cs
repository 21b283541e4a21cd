namespace Portal.Compose.Nodes;

/// <summary>What YAML's core schema takes a scalar for.</summary>
public enum ScalarKind
{
    Null,
    Text,
    Bool,
    Int,
    Float,

    /// <summary>A variable was put in: it is whatever its text can be read as.</summary>
    Interpolated,
}
