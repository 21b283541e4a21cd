namespace Portal.Web.Tests.Identity.Providers;

/// <summary>Somebody at the <see cref="TestProvider"/>.</summary>
public sealed record TestAccount(string Subject, string UserName)
{
    public string Name { get; init; } = "";

    public string Mail { get; init; } = "";

    public bool MailVerified { get; init; } = true;

    public string[] Groups { get; init; } = [];
}
