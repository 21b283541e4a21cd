namespace Portal.Engine.Api.System.Models;

/// <summary>The build of a tool that the engine uses.</summary>
internal sealed record CommitModel(string ID)
{
    public string Expected => ID;
}
