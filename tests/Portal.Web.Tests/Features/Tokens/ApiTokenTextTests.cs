using Portal.Web.Access.Tokens;

namespace Portal.Web.Tests.Features.Tokens;

public sealed class ApiTokenTextTests
{
    [Fact]
    public void Create_Twice_GivesDifferentWholeOnes()
    {
        var (first, second) = (ApiTokenText.Create(), ApiTokenText.Create());

        Assert.NotEqual(first, second);
        Assert.Matches("^portal_[0-9A-Za-z]{46}$", first);
        Assert.True(ApiTokenText.IsWhole(first) && ApiTokenText.IsWhole(second));
    }

    [Fact]
    public void IsWhole_AnyCharacterOfItChanged_TellsIt()
    {
        var text = ApiTokenText.Create();
        for (var at = 0; at < text.Length; at++)
        {
            var other = text[at] == 'x' ? 'y' : 'x';
            Assert.False(ApiTokenText.IsWhole(text[..at] + other + text[(at + 1)..]), $"changed at {at}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("portal_")]
    [InlineData("hunter2")]
    [InlineData("portal_0000000000000000000000000000000000000000000000")]
    public void IsWhole_NoToken_False(string text) => Assert.False(ApiTokenText.IsWhole(text));
}
