using System.Globalization;
using Portal.Web.Components.Shared;
using Portal.Web.Languages;

namespace Portal.Web.Tests.Languages;

public sealed class LanguageFlowTests
{
    [Fact]
    public void InEnglish_OfAGermanReader_IsEnglishAndLeavesTheReaderGerman()
    {
        In("de", () =>
        {
            Assert.Equal("Cancel", LanguageFlow.InEnglish(() => Texts.T("Cancel")));
            Assert.Equal("Abbrechen", Texts.T("Cancel"));
        });
    }

    [Fact]
    public void InEnglish_ThatFails_LeavesTheReaderGerman()
    {
        In("de", () =>
        {
            Assert.Throws<InvalidOperationException>(() => LanguageFlow.InEnglish<string>(() => throw new InvalidOperationException()));
            Assert.Equal("Abbrechen", Texts.T("Cancel"));
        });
    }

    [Fact]
    public async Task RunInEnglish_BegunByAGermanReader_WritesForEverybody()
    {
        string? written = null;
        var work = Task.CompletedTask;

        In("de", () => work = LanguageFlow.RunInEnglish(async () =>
        {
            await Task.Yield();
            written = $"{Units.Bytes(1.5 * (1 << 30))} {Texts.T("Cancel")}";
        }));
        await work;

        Assert.Equal("1.5 GiB Cancel", written);
    }

    [Fact]
    public void Keep_ToldByWhoeverReadsAnotherLanguage_IsHandledInTheReadersOwn()
    {
        var read = new List<string>();
        Action<string> handler = _ => { };
        In("zh-Hans", () => handler = LanguageFlow.Keep<string>(word => read.Add($"{word} {Texts.T("Cancel")}")));

        In("de", () =>
        {
            handler("told");
            read.Add(Texts.T("Cancel"));
        });

        Assert.Equal(["told 取消", "Abbrechen"], read);
    }

    private static void In(string culture, Action act)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            act();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
