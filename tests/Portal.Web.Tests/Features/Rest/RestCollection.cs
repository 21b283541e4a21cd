namespace Portal.Web.Tests.Features.Rest;

/// <summary>One portal for all tests of the REST API, one test at a time.</summary>
[CollectionDefinition(Name)]
public sealed class RestCollection : ICollectionFixture<RestPortal>
{
    public const string Name = "rest";
}
