using Portal.Web.Features.Images.Dialogs;

namespace Portal.Web.Tests.Features.Images;

public sealed class BulkNamingTests
{
    [Theory]
    [InlineData("app:1", "", "", "app:1")]
    [InlineData("app:1", "reg.example.com/team", "", "reg.example.com/team/app:1")]
    [InlineData("127.0.0.1:5000/story/app:1", "reg.example.com", "", "reg.example.com/story/app:1")]
    [InlineData("localhost/app:1", "other:5000", "2", "other:5000/app:2")]
    [InlineData("library/app:1", "reg.example.com", "", "reg.example.com/library/app:1")]
    [InlineData("reg:5000/app:1", "", "stable", "reg:5000/app:stable")]
    public void Apply_PlaceAndTag_ReplaceRegistryAndTag(string name, string place, string tag, string expected) =>
        Assert.Equal(expected, BulkNaming.Apply(name, place, tag));
}
