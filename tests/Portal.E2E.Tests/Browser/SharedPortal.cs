namespace Portal.E2E.Tests.Browser;

/// <summary>
/// Classes that use one portal after each other, since they don't mind what the others made there: starting one takes as long as some of
/// them. Each cleans up what others would stumble over.
/// </summary>
[CollectionDefinition(Name)]
public sealed class SharedPortal : ICollectionFixture<BrowserFixture>
{
    public const string Name = "one portal";
}
