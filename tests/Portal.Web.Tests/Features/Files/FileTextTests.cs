using System.Text;
using Portal.Web.Features.Files;

namespace Portal.Web.Tests.Features.Files;

public sealed class FileTextTests
{
    [Theory]
    [InlineData(0x81A4u, "-rw-r--r--", "0644")]
    [InlineData(0x41EDu, "drwxr-xr-x", "0755")]
    [InlineData(0xA1FFu, "lrwxrwxrwx", "0777")]
    [InlineData(0x89EDu, "-rwsr-xr-x", "04755")]
    [InlineData(0x8DA4u, "-rwSr-Sr--", "06644")]
    [InlineData(0x43FFu, "drwxrwxrwt", "01777")]
    [InlineData(0x43FEu, "drwxrwxrwT", "01776")]
    [InlineData(0x1180u, "prw-------", "0600")]
    [InlineData(0x21B6u, "crw-rw-rw-", "0666")]
    [InlineData(0x6000u, "b---------", "0000")]
    public void Permissions_EveryKind_AreAsLsPrintsThem(uint mode, string letters, string number)
    {

        Assert.Equal((letters, number), (FileText.Permissions(mode), FileText.Octal(mode)));
    }

    [Theory]
    [InlineData("plain\ttext\n", true)]
    [InlineData("größer", true)]
    [InlineData("", true)]
    [InlineData("with a \0 in it", false)]
    public void Decode_TextAndNot_AreToldApart(string text, bool isText) =>
        Assert.Equal(isText ? text : null, FileText.Decode(Encoding.UTF8.GetBytes(text), isWhole: true));

    [Fact]
    public void Decode_LetterThatIsCut_CountsOnlyWhenMoreIsToCome()
    {
        var cut = Encoding.UTF8.GetBytes("ab€")[..^1];

        Assert.Equal("ab", FileText.Decode(cut, isWhole: false));
        Assert.Null(FileText.Decode(cut, isWhole: true));
        Assert.Null(FileText.Decode([0x61, 0xFF, 0xFE, 0x61, 0x61, 0x61, 0x61], isWhole: false));
    }

    [Fact]
    public void Dump_Bytes_AreNumbersAndLetters()
    {
        var bytes = Encoding.ASCII.GetBytes("\u007fELF0123456789abcZ");

        Assert.Equal(
            "00000000  7f 45 4c 46 30 31 32 33  34 35 36 37 38 39 61 62  |.ELF0123456789ab|\n"
            + "00000010  63 5a                                             |cZ|\n",
            FileText.Dump(bytes));
    }
}
