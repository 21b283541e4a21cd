namespace Portal.Engine.Builds.Dockerfiles.Syntax;

/// <summary>The directives at the head of a Dockerfile (Dockerfile reference, "Parser directives").</summary>
internal sealed record ParserDirectives
{
    public static ParserDirectives None { get; } = new();

    /// <summary>The character that continues lines and escapes others: a backslash or a backtick.</summary>
    public char Escape { get; init; } = '\\';

    /// <summary>The frontend that the file asks for. Ours is built in; this is kept to tell the user.</summary>
    public string? Syntax { get; init; }

    /// <summary>Which build checks to skip, and whether they are errors.</summary>
    public string? Check { get; init; }
}
