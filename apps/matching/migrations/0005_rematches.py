import apps.core.models
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0004_fingerprints'),
        ('taxonomy', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Rematch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=apps.core.models.new_public_id, editable=False, max_length=12, unique=True, verbose_name='编号')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                ('scope', models.CharField(choices=[('needs', '全部在榜需求'), ('chain', '一条产业链的需求'), ('district', '一个区市的需求'), ('since', '某日以来发布的需求'), ('capabilities', '全部在架资源')], max_length=12, verbose_name='范围')),
                ('since', models.DateField(blank=True, null=True, verbose_name='起始日期')),
                ('target', models.CharField(max_length=80)),
                ('cause', models.CharField(choices=[('person', '人工发起'), ('ranker', '更换排序模型')], default='person', max_length=10, verbose_name='起因')),
                ('state', models.CharField(choices=[('running', '进行中'), ('paused', '已暂停'), ('done', '已完成'), ('cancelled', '已取消'), ('failed', '已中止')], default='running', max_length=10, verbose_name='状态')),
                ('total', models.PositiveIntegerField(verbose_name='总数')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='已匹配')),
                ('passed', models.PositiveIntegerField(default=0, verbose_name='已跳过')),
                ('handed_over', models.PositiveIntegerField(default=0, verbose_name='转单独处理')),
                ('cursor', models.BigIntegerField(default=0)),
                ('last_row', models.BigIntegerField(default=0)),
                ('chunk_size', models.PositiveIntegerField(verbose_name='每批数量')),
                ('attempt', models.PositiveIntegerField(default=0)),
                ('stalled', models.PositiveSmallIntegerField(default=0)),
                ('failures_in_row', models.PositiveSmallIntegerField(default=0)),
                ('lease_until', models.DateTimeField(null=True, verbose_name='租约到期')),
                ('started_at', models.DateTimeField(verbose_name='开始时间')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                ('error', models.CharField(blank=True, max_length=500, verbose_name='错误')),
                ('chain', models.ForeignKey(blank=True, limit_choices_to={'vocabulary': 'industry_chain'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='taxonomy.term', verbose_name='产业链')),
                ('district', models.ForeignKey(blank=True, limit_choices_to={'vocabulary': 'district'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='taxonomy.term', verbose_name='区市')),
                ('started_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='发起人')),
            ],
            options={
                'verbose_name': '批量重新匹配',
                'verbose_name_plural': '批量重新匹配',
                'ordering': ('-id',),
                'indexes': [models.Index(fields=['state', 'lease_until'], name='rematch_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('running', 'paused'))), fields=('target',), name='rematch_target_once'), models.CheckConstraint(condition=models.Q(models.Q(('chain__isnull', False), ('scope', 'chain')), models.Q(('district__isnull', False), ('scope', 'district')), models.Q(('scope', 'since'), ('since__isnull', False)), ('scope__in', ('needs', 'capabilities')), _connector='OR'), name='rematch_scope_has_argument'), models.CheckConstraint(condition=models.Q(('state__in', ('running', 'paused')), ('finished_at__isnull', False), _connector='OR'), name='rematch_finished_has_date')],
            },
        ),
    ]
