import apps.core.models
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('capabilities', '0001_initial'),
        ('matching', '0006_prospects'),
        ('needs', '0002_elements'),
    ]

    operations = [
        migrations.CreateModel(
            name='IndexChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('need', '需求'), ('capability', '资源')], max_length=10, verbose_name='类别')),
                ('row', models.BigIntegerField(verbose_name='主键')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='时间')),
            ],
            options={
                'verbose_name': '索引变更',
                'verbose_name_plural': '索引变更',
            },
        ),
        migrations.CreateModel(
            name='IndexGeneration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=apps.core.models.new_public_id, editable=False, max_length=12, unique=True, verbose_name='编号')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                ('number', models.PositiveIntegerField(unique=True, verbose_name='代号')),
                ('state', models.CharField(choices=[('building', '构建中'), ('published', '已发布'), ('failed', '构建失败'), ('damaged', '已损坏'), ('retired', '已停用')], default='building', max_length=10, verbose_name='状态')),
                ('folder', models.CharField(blank=True, max_length=80, verbose_name='文件夹')),
                ('manifest_hash', models.CharField(blank=True, max_length=64, verbose_name='清单校验和')),
                ('engine_version', models.CharField(max_length=40, verbose_name='引擎版本')),
                ('method', models.CharField(max_length=120, verbose_name='切分方法')),
                ('encoder', models.CharField(blank=True, max_length=120, verbose_name='编码器')),
                ('changes_through', models.BigIntegerField(default=0, verbose_name='已含变更')),
                ('corpus_hash', models.CharField(blank=True, max_length=64, verbose_name='语料校验和')),
                ('capabilities_count', models.PositiveIntegerField(default=0, verbose_name='资源数')),
                ('needs_count', models.PositiveIntegerField(default=0, verbose_name='需求数')),
                ('bytes', models.BigIntegerField(default=0, verbose_name='字节数')),
                ('attempt', models.PositiveIntegerField(default=1)),
                ('lease_until', models.DateTimeField(null=True, verbose_name='租约到期')),
                ('started_at', models.DateTimeField(verbose_name='开始时间')),
                ('published_at', models.DateTimeField(null=True, verbose_name='发布时间')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                ('seconds', models.FloatField(null=True, verbose_name='用时（秒）')),
                ('error', models.CharField(blank=True, max_length=500, verbose_name='错误')),
            ],
            options={
                'verbose_name': '索引版本',
                'verbose_name_plural': '索引版本',
                'ordering': ('-number',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'building')), fields=('state',), name='index_built_by_one'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), models.Q(('published_at__isnull', False), models.Q(('folder', ''), _negated=True), models.Q(('manifest_hash', ''), _negated=True)), _connector='OR'), name='index_published_has_files')],
            },
        ),
        migrations.CreateModel(
            name='TextTokens',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('method', models.CharField(max_length=120, verbose_name='切分方法')),
                ('version', models.PositiveIntegerField(verbose_name='文本版本')),
                ('data', models.BinaryField(verbose_name='词项计数')),
                ('counted_at', models.DateTimeField(verbose_name='切分时间')),
                ('capability', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='capabilities.capability')),
                ('need', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='needs.need')),
            ],
            options={
                'verbose_name': '文本词项',
                'verbose_name_plural': '文本词项',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('capability__isnull', True), ('need__isnull', False)), models.Q(('capability__isnull', False), ('need__isnull', True)), _connector='OR'), name='tokens_have_one_side'), models.UniqueConstraint(fields=('need',), name='tokens_of_need'), models.UniqueConstraint(fields=('capability',), name='tokens_of_capability')],
            },
        ),
    ]
