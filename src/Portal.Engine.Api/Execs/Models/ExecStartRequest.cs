namespace Portal.Engine.Api.Execs.Models;

/// <summary>The body of <c>POST /exec/{id}/start</c>.</summary>
internal sealed record ExecStartRequest
{
    public bool Detach { get; set; }

    public bool Tty { get; set; }

    /// <summary>Height, then width.</summary>
    public List<int>? ConsoleSize { get; set; }
}
