namespace Portal.Compose.Commands;

internal enum RunOptionForm
{
    /// <summary>One value.</summary>
    Value,

    /// <summary>True, without a value of its own.</summary>
    Flag,

    /// <summary>As often as one likes.</summary>
    List,

    /// <summary>As often as one likes, each NAME=value.</summary>
    Pairs,

    /// <summary>About the command and not the container.</summary>
    Ignored,

    /// <summary>As <see cref="Ignored"/>, with a value.</summary>
    IgnoredValue,
}
