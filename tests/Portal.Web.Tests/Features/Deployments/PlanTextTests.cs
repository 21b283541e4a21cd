using System.Globalization;
using Portal.Compose.Planning;
using Portal.Web.Features.Deployments.Pages;

namespace Portal.Web.Tests.Features.Deployments;

public sealed class PlanTextTests
{
    [Theory]
    [InlineData("Its image has changed.", "Sein Image hat sich geändert.")]
    [InlineData("The service 'db' that it depends on starts anew.", "Der Dienst „db“, von dem er abhängt, startet neu.")]
    [InlineData("It shares what is the service 'db''s, whose container is made anew.",
        "Er teilt, was dem Dienst „db“ gehört, dessen Container neu erstellt wird.")]
    [InlineData("It can't stay on 'node-1'.", "Kann nicht auf „node-1“ bleiben.")]
    [InlineData("A reason of tomorrow.", "A reason of tomorrow.")]
    [InlineData("", "")]
    public void ReasonOf_ForAGermanReader_IsGermanWhereItIsKnown(string reason, string expected)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("de");
        var told = PlanText.ReasonOf(new PlanStep(PlanAction.Recreate, PlanSubject.Container, "web-1", "web", reason));
        CultureInfo.CurrentUICulture = before;

        Assert.Equal(expected, told);
    }
}
