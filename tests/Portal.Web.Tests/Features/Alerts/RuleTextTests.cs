using System.Globalization;
using Portal.Data.Entities.Alerts;
using Portal.Web.Features.Alerts.Pages;
using Portal.Web.Features.Alerts.Rules;
using Portal.Web.Languages;

namespace Portal.Web.Tests.Features.Alerts;

public sealed class RuleTextTests
{
    public static TheoryData<string, AlertKind> LanguagesAndKinds()
    {
        var all = new TheoryData<string, AlertKind>();
        foreach (var language in Language.All)
        {
            foreach (var kind in Enum.GetValues<AlertKind>())
            {
                all.Add(language.Code, kind);
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(LanguagesAndKinds))]
    public void Of_EveryKindInEveryLanguage_SaysWhatIsFound(string language, AlertKind kind)
    {
        var condition = new AlertCondition { Kind = kind, Threshold = 92.5, Clear = 92.5, ForSeconds = 60, LinePattern = "oops", WindowSeconds = 30 };

        var text = In(language, () => RuleText.Of(new AlertRule { Condition = condition.ToJson() }));

        var number = language == "de" ? "92,5" : "92.5";
        Assert.Equal(AlertKindInfo.Of(kind).Unit is not null, text.Contains(number, StringComparison.Ordinal));
    }

    [Fact]
    public void Of_OneLine_NamesThePatternAndTheTime()
    {
        var condition = new AlertCondition { Kind = AlertKind.ContainerLog, Threshold = 1, LinePattern = "oops", WindowSeconds = 30 };

        Assert.Equal("A line like oops in 30 s", In("en", () => RuleText.Of(new AlertRule { Condition = condition.ToJson() })));
    }

    private static string In(string culture, Func<string> work)
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
            return work();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
