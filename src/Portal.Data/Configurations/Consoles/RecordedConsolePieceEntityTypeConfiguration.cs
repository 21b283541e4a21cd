using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Consoles;

namespace Portal.Data.Configurations.Consoles;

internal sealed class RecordedConsolePieceEntityTypeConfiguration : IEntityTypeConfiguration<RecordedConsolePiece>
{
    public void Configure(EntityTypeBuilder<RecordedConsolePiece> builder)
    {
        builder.ToTable("recorded_console_pieces");
        builder.HasKey(piece => new { piece.ConsoleId, piece.FirstByte });
        builder.HasOne<RecordedConsole>().WithMany().HasForeignKey(piece => piece.ConsoleId).OnDelete(DeleteBehavior.Cascade);
    }
}
