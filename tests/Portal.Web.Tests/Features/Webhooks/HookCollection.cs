namespace Portal.Web.Tests.Features.Webhooks;

/// <summary>One portal for all tests of webhooks.</summary>
[CollectionDefinition(Name)]
public sealed class HookCollection : ICollectionFixture<HookPortal>
{
    public const string Name = "webhooks";
}
